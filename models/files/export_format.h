// The files that `export` makes of a checkpoint: one table, from which the
// option, its help and the command read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

struct ExportFormat {
  std::string name;
  std::string help;    ///< See choices.h.
  std::string ending;  ///< Of the file's name, with its dot.
  /// The file's bytes. `checkpoint_sha256`: the SHA-256 of the checkpoint's
  /// file in hex, which the file records.
  std::string (*make)(const Checkpoint&, const std::string& checkpoint_sha256);
  /// The largest absolute difference between the logits of `original` and those
  /// of the network in `bytes`, which `make` has just returned. images: as
  /// Classifier::forward takes them, on the device of `original`.
  double (*difference
  )(const std::string& bytes, Classifier& original, const torch::Tensor& images
  );
};

/// torchscript and state-dict.
const std::vector<ExportFormat>& export_formats();

/// Throws std::logic_error where the table has no such name.
const ExportFormat& export_format_named(const std::string& name);

}  // namespace digitorch
