// Option structs that several commands share, with their fields.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/catalog.h"
#include "models/options/fields.h"

namespace digitorch {

struct ComputeOptions {
  std::string device = "auto";
  int64_t threads = 0;  ///< 0: LibTorch's choice.
};
std::vector<Field> fields(ComputeOptions&);

struct OutputOptions {
  std::string format = "text";
  bool quiet = false;

  bool json() const { return format == "json"; }
};
std::vector<Field> fields(OutputOptions&);

struct DataOptions {
  std::string data = "mnist";
  std::string data_dir = "data";
  bool skip_bad = false;

  DataLocation location() const { return {data, data_dir, skip_bad}; }
};
std::vector<Field> fields(DataOptions&);

/// --trust-torchscript.
Field trust_field(bool& trust);

/// Joins lists of fields.
std::vector<Field> operator+(std::vector<Field>, std::vector<Field>);

/// Sets the threads and returns the device, ready to compute. `notes` gets what
/// the user may want to know, such as why it is not a GPU.
torch::Device prepare(const ComputeOptions&, std::vector<std::string>& notes);

/// Labels are positions in a list of names: brings the data's to those of the
/// model called `name`. Throws std::runtime_error for a class that it does not
/// know.
ImageSet with_classes(
    ImageSet, const std::vector<std::string>& known, const std::string& name
);

/// One "note: ..." line each on stderr.
void print_notes(const std::vector<std::string>&);

/// One "warning: ..." line each on stderr.
void print_warnings(const std::vector<std::string>&);

/// "99.41 %".
std::string percent(double part);

}  // namespace digitorch
