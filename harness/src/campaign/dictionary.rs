//! Texts that parsers stumble over: separators with the names of users behind them, letters that look alike, bytes.

use crate::plan::canary::FORGED_LINE;

/// Endings of a name that some reader takes for another user; `{user}` is that user, `{line}` the text that no log line may
/// begin with.
pub(super) const NAMES: &[&str] = &[
    "alice,CN={user}",
    "alice, CN={user}",
    "alice/CN={user}",
    "alice+CN={user}",
    "alice+UID={user}",
    "alice\\,CN={user}",
    "alice\\2cCN={user}",
    "alice\",CN=\"{user}",
    "alice\";Subject=\"CN={user}",
    "alice\";Subject=\"CN={user}\";Issuer=\"",
    "alice;CN={user}",
    "alice\",URI=spiffe://x/{user}",
    "{user}\u{0}alice",
    "{user}\u{0}",
    "alice\nCN={user}",
    "alice\r\nX-SSL-Client-S-DN: CN={user}",
    "alice\r\n{line} 200",
    "alice\n{line} 200",
    "CN={user}",
    "/CN={user}",
    "{user}",
    "{user} ",
    " {user}",
    "mallory",
    "\u{0430}dmin",
    "\u{ff41}\u{ff44}\u{ff4d}\u{ff49}\u{ff4e}",
    "ad\u{200b}min",
    "adm\u{0131}n",
    "#0c0561646d696e",
    "alice%2cCN={user}",
    "alice%0d%0aX: {user}",
    "alice\u{1b}[31m",
    "alice#{user}",
    "alice=CN={user}",
    "alice<{user}>",
    "*",
    "",
    "${jndi:x}{user}",
    "' OR '1'='1",
    "*)(CN={user}",
    "{\"CN\":\"{user}\"}",
];

/// Pieces that are put between letters by mutation.
pub(super) const PIECES: &[&str] = &[
    ",", "/", "+", "\\", "\"", ";", "=", "\u{0}", "\r\n", "\n", " ", "%", "#", "<", ">", "'", "&", "\t", ":", "{", "}",
    "CN=", ",CN=admin", "/CN=admin", "UID=admin", "admin", "bob", "\u{ff0c}", "\u{202e}", "\u{fffd}",
];

/// Header names beside the dialect's own that change what becomes of a request.
pub(super) const HEADERS: &[(&str, &str)] = &[
    ("Connection", "close, {identity-headers}"),
    ("Connection", "keep-alive, X-SSL-Client-Verify, X-SSL-Client-S-DN"),
    ("Connection", "{identity-headers}"),
    ("Proxy-Connection", "{identity-headers}"),
    ("Keep-Alive", "timeout=1"),
    ("TE", "trailers"),
    ("Expect", "200-fine"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Original-URL", "/admin/report"),
    ("X-Rewrite-URL", "/admin/report"),
    ("X-Forwarded-Proto", "http"),
    ("X-Forwarded-For", "127.0.0.1, ::1, \\x00"),
    ("Forwarded", "for=127.0.0.1;proto=https;by=\\\"x"),
    ("Remote-User", "admin"),
    ("Remote_User", "admin"),
    ("X-Remote-User", "admin"),
    ("X-Forwarded-User", "admin"),
    ("X-Forwarded-Client-Cert", "By=x;Subject=\"CN=admin\";URI=spiffe://x/admin"),
    ("Client-Cert", ":AAAA:"),
    ("X-Forwarded-Tls-Client-Cert-Info", "Subject%3D%22CN%3Dadmin%22"),
    ("X-Amzn-Mtls-Clientcert-Subject", "CN=admin"),
    ("X-ARR-ClientCert", "AAAA"),
    ("SSL_CLIENT_S_DN", "CN=admin"),
    ("SSL-Client-S-DN", "CN=admin"),
    ("X-Api-Key", "{nonce}"),
    ("Accept", "\\xff\\xfe/\\x80"),
    ("User-Agent", "x\\x1b[31m{nonce}"),
    ("Accept-Encoding", "gzip;q=\\x7f"),
    ("X-Odd\\x80", "1"),
    ("X Odd", "1"),
    ("X-Odd:", ": :"),
    ("", "nameless"),
    ("X-Folded", "a\\r\\n b"),
    ("X-Split", "a\\r\\nX-Second: b"),
    ("X-Bare", "a\\nX-Second: b"),
    ("X-Nul", "a\\0b"),
    ("Range", "bytes=0-,0-,0-,0-"),
    ("If-None-Match", "*"),
    ("Upgrade", "h2c"),
    ("Cookie", "a=b; sessionid={nonce}; =; ;;"),
    ("Authorization", "Basic YWRtaW46YWRtaW4="),
];

/// Sizes of a filler header, bytes.
pub(super) const SIZES: &[usize] = &[1, 1000, 4000, 8100, 8190, 16_300, 32_768];

/// A text of the dictionary with its words put in.
pub(super) fn filled(text: &str, user: &str) -> Vec<u8> {
    text.replace("{user}", user).replace("{line}", FORGED_LINE).into_bytes()
}
