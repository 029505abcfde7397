//! Repositories that hold the same evidence as rows of the study, with the sentences of its five projects.
