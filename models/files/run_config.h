// The configuration of a training run in JSON: the content of its config.json,
// which its checkpoints hold as well.
#pragma once

#include "models/options/json_reader.h"

namespace digitorch {

/// The version of the configuration's meaning.
inline constexpr int64_t kConfigVersion = 1;

/// Checks a configuration of any origin, so that it can be read without further
/// care: an object with these keys, all but "options" optional, and no others.
///   config_version  1; so is a configuration without it
///   digitorch       the version that wrote it, a text
///   libtorch        likewise
///   preset          a text
///   data_sha256     of the training pictures, in hex; empty: any pictures
///   started_in      the folder from which relative paths are meant, a text of
///                   any bytes: see json_of_text()
///   options         an object of options, whose names and values are not
///                   checked here
/// Throws std::runtime_error naming the key that is not as it should be.
void check_run_config(const JsonReader&);

}  // namespace digitorch
