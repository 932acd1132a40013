//! The options of `switchback sign` and `switchback verify`, with their help.

use std::path::PathBuf;

use clap::Args;

use crate::args::ServiceArgs;

pub(crate) const SIGN: &str = "\
The command sends the document's digest, its id and the message to the provider, and never
the document. Without --id, the id is the document's digest as a URI (RFC 6920):
ni:///sha-256;... An id that locates the document is better: its URL.

The signature is written to FILE.jws, and then verified against what was asked. The exit code
is that of `switchback verify`: without the provider's --root it is 10, and the file is there.

Examples:
  switchback sign contract.pdf --message 'I sign the contract no. 17' --root roots.pem
  switchback sign contract.pdf --message 'I sign it' --id https://example.com/contract-17.pdf
  switchback sign contract.pdf --message 'I sign it' --client-id demo-app --test-service \\
      --base-url http://127.0.0.1:8080 --redirect-uri http://127.0.0.1:8765/callback \\
      --root http://127.0.0.1:8080/certs/";

#[derive(Args)]
pub(crate) struct SignArgs {
    /// The document
    pub(crate) file: PathBuf,
    /// The text that the identity app shows to the person, in the person's language: on one line,
    /// without control characters
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: String,
    /// The document's id: a URI, best one that locates it [default: its digest]
    #[arg(long, value_name = "URI")]
    pub(crate) id: Option<String>,
    /// The document's media type [default: by its file name]
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
    /// Sign the base64url text of the document (RFC 7797: b64 is true)
    #[arg(long)]
    pub(crate) b64: bool,
    /// Where the signature is written [default: FILE.jws]
    #[arg(long, value_name = "FILE")]
    pub(crate) signature: Option<PathBuf>,
    /// Replace the file of an earlier signature
    #[arg(long)]
    pub(crate) force: bool,
    /// Print the URL, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
    #[command(flatten, next_help_heading = "The client")]
    pub(crate) service: ServiceArgs,
}

pub(crate) const VERIFY: &str = "\
The report has an indication in the words of ETSI EN 319 102-1, and each check with its
outcome, a sentence and the section of the standard. Nothing that is in the signature is
trusted: without --root no signature passes. The document is always compared; the message, the
id and the media type are compared only if you give them.

Exit codes:
    0  TOTAL-PASSED: every check passed
    9  TOTAL-FAILED: the signature is wrong, or it is not a signature of this document
   10  INDETERMINATE: a proof is missing: a root, a revocation list, or the time
Every other code is no verdict: 2, a file cannot be read; 5, a URL was not reached.

Examples:
  switchback verify contract.pdf --signature contract.pdf.jws --root roots.pem --fetch-crls
  switchback verify contract.pdf --signature contract.pdf.jws.json --root roots.pem \\
      --timestamp-root tsa.pem --message 'I sign the contract no. 17'
  switchback verify contract.pdf --root roots/ --crl root-ca-v1.crl --html report.html
  switchback verify --digest 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU \\
      --signature contract.jws --root roots.pem --at 2026-11-23T13:45:00Z --json";

#[derive(Args)]
pub(crate) struct VerifyArgs {
    /// The document, or - for stdin
    #[arg(required_unless_present = "digest")]
    pub(crate) file: Option<PathBuf>,
    /// The signature: compact or JSON serialization [default: FILE.jws]
    #[arg(long, value_name = "FILE", required_unless_present = "file")]
    pub(crate) signature: Option<PathBuf>,
    /// The document's SHA-256 instead of the document: base64url or hexadecimal
    #[arg(long, value_name = "SHA256", conflicts_with = "file")]
    pub(crate) digest: Option<String>,
    /// The message that the person was asked to sign [default: any]
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// The document's id, as the person was asked to sign it [default: any]
    #[arg(long, value_name = "URI")]
    pub(crate) id: Option<String>,
    /// The document's media type, as the person was asked to sign it [default: any]
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
    /// Verify for this time: 2026-11-23T13:45:00Z, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

/// What a verification trusts, and where its report goes.
#[derive(Args, Default)]
pub(crate) struct TrustArgs {
    /// A root certificate: PEM, DER, a folder of them, or an https URL; can be repeated
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: Vec<String>,
    /// A revocation list: PEM, DER or a URL; can be repeated
    #[arg(long, value_name = "CRL")]
    pub(crate) crl: Vec<String>,
    /// Fetch the revocation lists that the certificates name
    #[arg(long)]
    pub(crate) fetch_crls: bool,
    /// A root certificate of a timestamp authority, as for --root; can be repeated
    #[arg(long, value_name = "ROOT")]
    pub(crate) timestamp_root: Vec<String>,
    /// Also write the report as one HTML page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}
