//! Judged without a network: recorded observations in, verdicts out.
