//! The words by which `stance` tells whose word a sentence is.

/// What is aimed at.
pub(super) const AIMS: &[&str] = &[
    "aim|aims|aimed|aiming to|at",
    "strive|strives|striving",
    "try|tries|trying to",
    "attempt|attempts|attempting to",
    "intend|intends|intended to",
    "designed to",
    "goal|goals",
    "principles",
    "best effort|efforts",
    "best-effort",
    "when|where|whenever|wherever possible",
    "as far as possible",
    "endeavor|endeavour|endeavors|endeavours",
    "committed to",
    "seek|seeks to",
    "want|wants to",
    "ideally|ideal",
];

/// What is said of a part, or of some times.
pub(super) const PARTS: &[&str] = &[
    "some|most|many|selected|several|certain",
    "macos|windows|linux|android|ios|mac release|releases|build|builds|binary|binaries|installer|installers|package|packages|app|apps|artifact|artifacts",
    "release|releases|build|builds|binary|binaries|installer|installers|package|packages|artifact|artifacts for|on macos|windows|linux|android|ios",
    "usually|typically|generally|normally|sometimes|occasionally|partly|partially|mostly|largely|almost",
];

/// Who speaks for the project.
pub(super) const OURS: &[&str] = &["we", "our", "ours", "we're", "we've", "maintainers"];

/// What denies, or leaves something out.
pub(super) const DENIALS: &[&str] = &[
    "not",
    "no",
    "false|untrue|incorrect that",
    "gave|given|give|giving up",
    "abandoned|ceased|quit",
    "myth|lie that",
    "never",
    "without",
    "cannot",
    "can't",
    "don't",
    "doesn't",
    "isn't",
    "aren't",
    "won't",
    "didn't",
    "haven't",
    "hasn't",
    "neither",
    "nor",
    "unsigned",
    "unable",
    "none",
    "yet",
    "lack|lacks|lacking",
    "instead of",
    "rather than",
    "stopped|discontinued|deprecated|formerly|previously|optional|optionally",
    "was|were|had|until",
    "used to",
    "except|excepting|excluding|exception|exceptions|aside|apart",
    "disabled|paused|suspended",
    "prior to",
    "starting with|from|in",
    "since",
    "out of scope",
    "out-of-scope",
    "dependencies releases|packages|artifacts|artefacts|tags|images",
    "dependency's|distribution's|distro's|upstream's|vendor's",
    "distribution|distributions|distro|distros packages",
    "announcement|announcements|mails|emails|newsletters are|is",
    "before we",
    "arent|isnt|dont|doesnt|wont|cant|didnt|havent|hasnt|wasn't|wasnt|weren't|werent|nein",
    "nobody|no-one|nothing|nowhere|hardly|barely|scarcely|rarely|seldom",
    "zero|few|0|0% of|release|releases|tags|artifacts|packages|binaries|dependencies",
    "refuse|refuses|refused|decline|declines|declined|neglect|neglected to",
    "fail|fails|failed|forget|forgets|forgot|omit|omitted to",
    "theory|someday|fixme",
    "out of reach",
    "on demand|request",
    "by hand",
    "wish|wishes|hope|hopes|hoped|hoping|hopefully|wished",
    "believe|believes|suppose",
    "think|thinks|opinion|feel that",
    "claim|claims|statement|impression that",
    "enterprise|commercial|premium|paid|pro edition|editions|version|versions|plan|plans|tier|customers",
    "your fork|forks|copy|copies|installation|instance|deployment",
    "signed releases|artifacts help|protect|allow|let|make|matter|enable",
    "signed releases|artifacts are a|an|the",
    "malicious|compromised release|releases|artifact|artifacts|maintainer",
    "debian|ubuntu|fedora|homebrew|arch|alpine|nixpkgs|conda package|packages",
];

/// What is still to come.
pub(super) const PLANS: &[&str] = &[
    "plan|plans|planned|planning",
    "future",
    "upcoming",
    "roadmap",
    "soon",
    "todo",
    "working on|towards",
    "considering",
    "eventually",
    "coming",
    "proposed",
    "tbd|tba|wip|fixme|wishlist|backlog",
];

/// What headings and introductions are called that stand above what is not there.
pub(super) const GAPS: &[&str] = &[
    "gap|gaps|missing|lacking|lacks|unimplemented|todo|todos|backlog|wishlist",
    "roadmap|planned|upcoming",
    "future work|plans|improvements|enhancements|steps|features|development|goals",
    "not yet|implemented|done|covered|available|supported|provided|planned|included|offered|applicable",
    "not|don't|never do|sign|scan|publish|provide|guarantee|offer|have|use|implement|support|pin|verify",
    "in progress",
    "idea|ideas|wish|wishes|future",
    "would like to",
    "nice to have",
    "to do",
    "out of our|the control|hands",
    "next steps",
    "open items|points|issues",
    "coming soon",
];

/// What leaves it open.
pub(super) const MODALS: &[&str] = &[
    "should",
    "may",
    "might",
    "could",
    "can",
    "must",
    "would",
    "ought",
    "shall",
    "recommend|recommends|recommended|recommendation|recommendations",
    "encourage|encourages|encouraged",
    "suggest|suggests|suggested",
    "advise|advised",
    "consider",
    "please",
    "need|needs to",
    "be sure",
    "for example",
    "e.g",
    "let's",
];

/// What makes it hold in some case alone.
pub(super) const CONDITIONS: &[&str] =
    &["if", "iff", "unless", "in case", "provided that", "as long as", "assuming", "only when"];

/// Words that make a condition of what follows a statement.
pub(super) const WHENS: &[&str] = &[
    "when|whenever|where|wherever a|an|there|somebody|someone|possible|feasible|available|time|needed|necessary|practical|applicable|appropriate|maintainers|maintainer",
];

/// Words that begin a condition or a purpose.
pub(super) const CONDITIONAL_STARTS: &[&str] = &[
    "if", "when", "once", "unless", "while", "whenever", "after", "before", "until", "for", "to", "where",
    "should",
];

/// Words that begin a sentence about one case.
pub(super) const CASES: &[&str] =
    &["when", "whenever", "once", "unless", "example", "say", "suppose", "imagine"];

/// Who is spoken to, or of, beside the project.
pub(super) const READERS: &[&str] = &[
    "you",
    "your",
    "yours",
    "you're",
    "yourself",
    "users should|must|can|are|need",
    "users'",
    "customers",
    "consumers",
    "downstream",
    "contributors",
    "caller|callers",
    "integrator|integrators|adopters|embedders|deployers",
    "operators",
    "administrators",
    "third parties|party",
    "third-party providers|services",
    "provider|providers",
    "vendor|vendors",
    "upstream",
    "distributor|distributors|packager|packagers|redistributors|mirrors",
    "updater|auto-updater|kernel|bootloader",
    "attacker|attackers|adversary|adversaries",
];

/// By whom something is done that the project does not do.
pub(super) const BY_OTHERS: &[&str] = &[
    "by nobody|none|others|users|customers|upstream|vendors|consumers|distributors|packagers|distributions|anyone",
    "by our|the|their|its users|customers|upstream|vendor|vendors|consumers|distributor|distributors|packagers|partners",
    "by the|their|its|downstream|linux|each|every|any|various distribution|distributions|distro|distros|distributors|packagers|registry|registries|store|marketplace",
    "by debian|ubuntu|fedora|homebrew|apple|microsoft|google",
];

/// What a project makes: what it does for its users is no process of the project.
pub(super) const PRODUCTS: &str = "product|products|plugin|plugins|tool|app|application|applications|library|cli|scanner|extension|engine|server|client\
     |framework|platform|service|software|editor|daemon|agent|program|module|sdk|api|gateway|proxy|operator|controller\
     |updater|auto-updater|installer|kernel|distributor|sandbox|compiler|runtime|browser|firmware|store\
     |user|users|customer|customers|apple|google|microsoft|play|mozilla|steam";

/// What stands before such a word where it is one that makes releases.
pub(super) const OF_PROCESS: &str =
    "a|an|another|build|release|ci|security|deployment|packaging|audit|pipeline|signing";

/// What a product does.
pub(super) const DOES: &str = "scans|scan|checks|check|verifies|verify|detects|detect|audits|audit|analyzes|analyses|monitors|monitor|finds|find\
     |reports|report|validates|validate|signs|sign|enforces|enforce|pins|locks|updates|warns|inspects|flags|requires\
     |generates|creates|produces|blocks|ensures|automatically|also|can|will|performs|provides|supports|offers|lets|helps";

/// Verbs that begin advice.
pub(super) const ORDERS: &[&str] = &[
    "use",
    "enable",
    "ensure",
    "keep",
    "run",
    "verify",
    "check",
    "scan",
    "always",
    "do",
    "avoid",
    "consider",
    "review",
    "rotate",
    "set",
    "implement",
    "store",
    "validate",
    "monitor",
    "update",
    "follow",
    "watch",
    "subscribe",
    "include",
    "provide",
    "send",
    "email",
    "report",
    "be",
    "make",
    "only",
    "limit",
    "understand",
    "configure",
    "install",
    "apply",
    "require",
    "add",
    "sign",
    "pin",
    "lock",
    "audit",
    "sanitize",
    "test",
    "deploy",
    "restrict",
    "regularly",
    "see",
    "note",
    "allow",
    "disable",
    "create",
    "download",
    "compare",
    "upgrade",
    "protect",
    "contact",
    "open",
    "write",
    "encrypt",
    "maintain",
    "prefer",
    "treat",
    "remember",
    "try",
    "publish",
    "generate",
    "document",
    "harden",
    "isolate",
    "give",
    "grant",
    "choose",
];
