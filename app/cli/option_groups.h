// Options that several commands share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/catalog.h"
#include "models/options/fields.h"

namespace digitorch {

/// The option --device.
Field device_field(std::string& device);

struct ComputeOptions {
  std::string device = "auto";
  int64_t threads = 0;  ///< 0 leaves the number to LibTorch.
};
std::vector<Field> fields(ComputeOptions&);

struct OutputOptions {
  std::string format = "text";
  bool quiet = false;

  bool json() const { return format == "json"; }
};
std::vector<Field> fields(OutputOptions&);

/// The form that the pictures of a data set are to get.
struct PictureOptions {
  std::string pictures = "auto";  ///< Or one of preparations().
  int64_t image_size = 0;         ///< 0: as the data have it.
  int64_t channels_in = 0;        ///< 1 or 3; 0: as the data have it.

  FormatWish wish() const;
};
std::vector<Field> fields(PictureOptions&);

/// The options that ask for that format.
PictureOptions picture_options(const InputFormat&);

struct DataOptions {
  std::string data = "mnist";
  std::string data_dir = kUsualDataFolder;
  bool skip_bad = false;
  bool transpose = false;
  /// No part of fields(DataOptions&): of a trained network the network itself
  /// tells the form of its pictures.
  PictureOptions form = {};

  DataLocation location() const {
    return {data, data_dir, skip_bad, transpose, form.wish()};
  }
  /// Of pictures in the format of a network.
  DataLocation location_for(const InputFormat& input) const {
    return {data, data_dir, skip_bad, transpose, exactly(input)};
  }
};
std::vector<Field> fields(DataOptions&);

/// The option --model of commands that use a trained network.
Field model_field(std::string& model);

/// How a model that is TorchScript is opened.
struct TorchScriptOptions {
  bool trust = false;   ///< Whether its code may be run.
  std::string classes;  ///< See class_names.h; empty where the file has names.
};
std::vector<Field> fields(TorchScriptOptions&);

/// The option --overwrite of commands that write files: see
/// system/output_file.h.
Field overwrite_field(bool& overwrite);

/// The fields of both lists, in order.
std::vector<Field> operator+(std::vector<Field>, std::vector<Field>);

/// Sets the number of threads and returns the device. Appends to `notes` why it
/// is not a GPU where --device leaves that open.
torch::Device prepare(const ComputeOptions&, std::vector<std::string>& notes);
torch::Device prepare(const ComputeOptions&);

/// Labels are positions in a list of class names. Returns the images with their
/// labels as positions in `known`, the classes of the model called `name`.
/// Throws std::runtime_error for a class that is not among them.
ImageSet with_classes(
    ImageSet, const std::vector<std::string>& known, const std::string& name
);

/// Prints one line "note: ..." for each on stderr.
void print_notes(const std::vector<std::string>&);

/// Prints one line "warning: ..." for each on stderr.
void print_warnings(const std::vector<std::string>&);

/// "1 epoch", "2 epochs".
std::string counted(int64_t number, const std::string& what);

/// A fraction as a percentage with two decimals: 0.9941 is "99.41 %".
std::string percent(double fraction);

}  // namespace digitorch
