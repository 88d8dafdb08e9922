//! Resident memory of launched servers, by process group.
//!
//! A leak is told from warming up by two bounds together: a server must hold more than [`FACTOR`] times what it held after
//! the first [`WARM`] cases, and more than [`FLOOR`] bytes beyond that. A slow leak below both in a short campaign is not
//! seen; a longer one sees it.

use std::collections::BTreeMap;

/// Cases after which a server counts as warm.
pub(super) const WARM: u64 = 500;
/// How many times the warm size is too much.
const FACTOR: u64 = 3;
/// How many bytes beyond the warm size are too much.
const FLOOR: u64 = 256 * 1024 * 1024;

/// What each server held when it was warm.
#[derive(Debug, Default)]
pub(super) struct Memory {
    warm: BTreeMap<String, u64>,
    told: bool,
}

impl Memory {
    /// Looks at the servers after this many cases; says, once, which of them grew too much.
    pub(super) fn look(&mut self, groups: &[(String, i32)], cases: u64) -> Option<String> {
        if groups.is_empty() || cases < WARM {
            return None;
        }
        let sizes = resident();
        for (name, group) in groups {
            let size = sizes.get(group).copied().unwrap_or(0);
            if let Some(says) = self.grown(name, size) {
                return Some(says);
            }
        }
        None
    }

    fn grown(&mut self, name: &str, size: u64) -> Option<String> {
        let warm = *self.warm.entry(name.to_owned()).or_insert(size);
        let too_much = size > warm.saturating_mul(FACTOR) && size > warm.saturating_add(FLOOR);
        if !too_much || self.told {
            return None;
        }
        self.told = true;
        let mebibytes = |bytes: u64| bytes / (1024 * 1024);
        Some(format!(
            "`{name}` grew from {} to {} MiB",
            mebibytes(warm),
            mebibytes(size)
        ))
    }

    /// Forgets everything: the servers were started anew.
    pub(super) fn restart(&mut self) {
        self.warm.clear();
    }
}

/// Resident bytes by process group (proc(5): `stat`, and `VmRSS` of `status`). Empty where the system has no /proc.
fn resident() -> BTreeMap<i32, u64> {
    let mut sizes = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let folder = entry.path();
        let Ok(stat) = std::fs::read_to_string(folder.join("stat")) else {
            continue;
        };
        // The name in parentheses may hold anything; what follows it is state, parent, group.
        let group = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(2)?.parse::<i32>().ok());
        let status = std::fs::read_to_string(folder.join("status")).unwrap_or_default();
        let kilobytes = status.lines().find_map(|line| {
            let size = line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?;
            size.trim().parse::<u64>().ok()
        });
        if let (Some(group), Some(kilobytes)) = (group, kilobytes) {
            *sizes.entry(group).or_insert(0) += kilobytes * 1024;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_growth_beyond_both_bounds_is_told_and_only_once() {
        let mut memory = Memory::default();
        assert_eq!(memory.grown("app", FLOOR), None);
        assert_eq!(memory.grown("app", FLOOR * FACTOR), None);
        assert!(memory.grown("app", FLOOR * FACTOR + 1).is_some());
        assert_eq!(memory.grown("app", FLOOR * FACTOR + 2), None);
    }

    #[test]
    fn our_own_group_is_resident() {
        let own = rustix::process::getpgrp().as_raw_nonzero().get();
        assert!(resident().get(&own).is_some_and(|size| *size > 100_000));
    }
}
