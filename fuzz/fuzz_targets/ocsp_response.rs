#![no_main]

use fuzz_properties::mutation::der;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: &[u8]| gauntlet_fuzz::run("ocsp_response", input));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    der(data, size, max_size, seed, fuzzer_mutate)
});
