//! "Only the newest version is supported" in other languages than English.
//!
//! Data only. The rule that must not be broken: a sentence that limits it in any way is none.

/// "Only the newest version" in one language.
pub(in crate::security_policy) struct OnlyLatest {
    /// Words for "only".
    pub(in crate::security_policy) only: &'static [&'static str],
    /// Words that may stand between the others.
    pub(in crate::security_policy) between: &'static [&'static str],
    /// Words for "newest".
    pub(in crate::security_policy) latest: &'static [&'static str],
    /// Words for "version", in the singular.
    pub(in crate::security_policy) nouns: &'static [&'static str],
    /// Beginnings of words that make the sentence one about support.
    pub(in crate::security_policy) about: &'static [&'static str],
    /// Words that limit or deny.
    pub(in crate::security_policy) limits: &'static [&'static str],
}

/// The languages that write spaces between their words.
pub(in crate::security_policy) const ONLY_LATEST: &[OnlyLatest] = &[
    OnlyLatest {
        only: &["nur", "ausschließlich", "lediglich"],
        between: &["für", "die", "der", "das", "den", "jeweils", "unsere"],
        latest: &[
            "neueste",
            "neuesten",
            "neuste",
            "neusten",
            "aktuelle",
            "aktuellen",
            "aktuellste",
            "letzte",
            "letzten",
        ],
        nouns: &["version", "release", "veröffentlichung"],
        about: &["unterstütz", "gepflegt", "gewartet", "korrektur", "sicherheits", "update", "fix", "patch"],
        limits: &[
            "nicht", "kein", "keine", "wenn", "falls", "sofern", "außer", "pro", "je", "jeder", "jedes",
            "jede", "während", "bis", "solange", "ab", "oder", "und",
        ],
    },
    OnlyLatest {
        only: &["seule", "seulement", "uniquement"],
        between: &["la", "pour", "sur"],
        latest: &["dernière"],
        nouns: &["version", "release"],
        about: &["support", "maintenu", "correcti", "reçoit", "prise", "mises", "patch"],
        limits: &[
            "pas", "ne", "n'est", "si", "sauf", "chaque", "par", "pendant", "jusqu'à", "jusqu'au", "ou",
            "et", "lorsque",
        ],
    },
    OnlyLatest {
        only: &["solo", "sólo", "solamente", "únicamente"],
        between: &["la", "para", "a"],
        latest: &["última"],
        nouns: &["versión", "release"],
        about: &["soport", "recib", "manten", "mantien", "parche", "correc", "actualiza", "compatib"],
        limits: &[
            "no", "si", "salvo", "excepto", "cada", "por", "hasta", "durante", "o", "y", "cuando", "mientras",
        ],
    },
    OnlyLatest {
        only: &["solo", "soltanto", "solamente", "unicamente"],
        between: &["la", "per", "alla", "sulla"],
        latest: &["ultima", "l'ultima", "l’ultima", "all'ultima", "all’ultima"],
        nouns: &["versione", "release"],
        about: &["support", "ricev", "manten", "mantien", "correzion", "aggiorna", "patch"],
        limits: &[
            "non", "se", "salvo", "eccetto", "ogni", "ciascun", "ciascuna", "per", "fino", "durante", "o",
            "e", "quando", "mentre",
        ],
    },
    OnlyLatest {
        only: &["apenas", "somente", "só"],
        between: &["a", "para"],
        latest: &["última"],
        nouns: &["versão", "release"],
        about: &["suport", "receb", "manti", "mantém", "correç", "atualiza", "patch"],
        limits: &[
            "não", "se", "salvo", "exceto", "cada", "por", "até", "durante", "ou", "e", "quando", "enquanto",
        ],
    },
    OnlyLatest {
        only: &["только"],
        between: &["для"],
        latest: &["последняя", "последнюю", "последней"],
        nouns: &["версия", "версию", "версии"],
        about: &["поддерж", "получа", "обновл", "исправл"],
        limits: &["не", "если", "кроме", "каждой", "каждая", "до", "или", "и", "при", "пока"],
    },
    OnlyLatest {
        only: &["solo", "soltanto", "solamente", "unicamente"],
        between: &["la", "per"],
        latest: &["l'ultima", "l’ultima", "ultima"],
        nouns: &["versione", "release"],
        about: &["support", "ricev", "aggiorna", "manten", "corre", "patch"],
        limits: &[
            "non", "se", "salvo", "tranne", "eccetto", "ogni", "ciascuna", "fino", "durante", "o", "e",
            "quando", "mentre",
        ],
    },
    OnlyLatest {
        only: &["yalnızca", "sadece"],
        between: &["en"],
        latest: &["son", "güncel"],
        nouns: &["sürüm", "sürümü", "sürüme", "sürümde"],
        about: &["destek", "güncelleme", "düzeltme", "yama"],
        limits: &[
            "değil",
            "değildir",
            "her",
            "eğer",
            "kadar",
            "veya",
            "ve",
            "hariç",
            "ise",
            "desteklenmez",
            "desteklenmiyor",
            "desteklenmemektedir",
        ],
    },
];

/// "Only the newest version" in languages that write no spaces.
pub(in crate::security_policy) const ONLY_LATEST_UNSPACED: &[&str] = &[
    "最新バージョンのみ",
    "最新版のみ",
    "最新リリースのみ",
    "仅支持最新版本",
    "只支持最新版本",
    "仅最新版本",
    "只有最新版本",
    "仅维护最新版本",
    "僅支援最新版本",
    "최신 버전만",
    "최신 릴리스만",
];

/// What makes such a sentence one about support.
pub(in crate::security_policy) const ABOUT_UNSPACED: &[&str] =
    &["サポート", "修正", "更新", "支持", "支援", "维护", "修复", "지원", "업데이트", "패치"];

/// What limits or denies there.
pub(in crate::security_policy) const LIMITS_UNSPACED: &[&str] = &[
    "ない",
    "ません",
    "場合",
    "除",
    "各",
    "ごと",
    "または",
    "および",
    "不",
    "如果",
    "每",
    "或",
    "和",
    "않",
    "경우",
    "제외",
    "각",
];
