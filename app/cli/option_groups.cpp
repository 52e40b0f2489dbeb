#include "app/cli/option_groups.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "app/cli/class_names.h"
#include "app/report/drawing/layout.h"
#include "app/system/device.h"
#include "app/system/memory.h"
#include "app/system/text.h"
#include "datasets/named_sets.h"
#include "models/options/choices.h"

namespace digitorch {

Field device_field(std::string& device) {
  return with_value(
      field(
          "device", device, "Device to compute on: auto, cpu, cuda or cuda:N"
      ),
      "NAME",
      {"auto", "cpu", "cuda"}
  );
}

std::vector<Field> fields(ComputeOptions& o) {
  return {
      device_field(o.device),
      field("threads", o.threads, {0, 1024}, "CPU threads; 0 uses all cores")};
}

std::vector<Field> fields(OutputOptions& o) {
  return {
      field("format", o.format, {"text", "json"}, "Format of the results"),
      field("quiet", o.quiet, "Print results only")};
}

FormatWish PictureOptions::wish() const {
  FormatWish wish;
  if (pictures != "auto") wish.pictures = pictures;
  if (image_size > 0) wish.height = wish.width = image_size;
  if (channels_in > 0) wish.channels = channels_in;
  return wish;
}

std::vector<Field> fields(PictureOptions& o) {
  std::vector<PicturePreparation> kinds = preparations();
  kinds.push_back({"auto", "ink for digits, plain for all else"});
  Field size = field(
      "image-size",
      o.image_size,
      kImageSizes,
      "Side of the pictures in pixels, from 8 to 224; 0: that of IDX files, 28 "
      "for others"
  );
  size.expected = "0, or " + size.expected;
  size.set = [&o, set = std::move(size.set)](const std::string& text) {
    if (text != "0") return set(text);
    o.image_size = 0;
    return true;
  };
  Field channels = field(
      "channels-in",
      o.channels_in,
      WholeRange{0, 3},
      "Channels of the pictures: 1 grey, 3 colour; 0: colour where the "
      "pictures "
      "are in colour"
  );
  channels.expected = "0, 1 or 3";
  channels.set = [&o](const std::string& text) {
    if (text != "0" && text != "1" && text != "3") return false;
    o.channels_in = text[0] - '0';
    return true;
  };
  return {
      field("pictures", o.pictures, kinds, "How pictures are prepared"),
      std::move(size),
      std::move(channels)};
}

PictureOptions picture_options(const InputFormat& format) {
  PictureOptions options{.pictures = format.pictures};
  options.channels_in = format.channels;
  // Sides that differ come from IDX files, which have them again.
  if (format.height == format.width && inside(format.height, kImageSizes))
    options.image_size = format.height;
  return options;
}

std::vector<Field> fields(DataOptions& o) {
  return {
      with_value(
          field(
              "data",
              o.data,
              "Data set: " + list_of_named_sets() + ", or a folder"
          ),
          "NAME|FOLDER",
          names_of(named_sets())
      ),
      with_value(
          field(
              "data-dir",
              o.data_dir,
              "Folder of the named data sets; data stands for DIGITORCH_DATA, "
              "data/ and ~/.local/share/digitorch, too"
          ),
          "FOLDER"
      ),
      field("skip-bad", o.skip_bad, "Skip pictures that cannot be read"),
      field(
          "transpose",
          o.transpose,
          "Swap rows and columns of IDX pictures, which some sets hold on "
          "their side"
      )};
}

Field model_field(std::string& model) {
  return with_value(
      field(
          "model",
          model,
          "Checkpoint, or the folder of a run (default: the network inside the "
          "program)"
      ),
      "FILE|FOLDER"
  );
}

std::vector<Field> fields(TorchScriptOptions& o) {
  return {
      field(
          "trust-torchscript",
          o.trust,
          "Accept a TorchScript file as the model, and run the code in it"
      ),
      classes_field(o.classes)};
}

Field overwrite_field(bool& overwrite) {
  return field(
      "overwrite", overwrite, "Replace files that this command did not write"
  );
}

std::vector<Field> operator+(std::vector<Field> a, std::vector<Field> b) {
  std::move(b.begin(), b.end(), std::back_inserter(a));
  return a;
}

torch::Device prepare(
    const ComputeOptions& options, std::vector<std::string>& notes
) {
  set_threads(options.threads);
  return choose_device(options.device, notes);
}

torch::Device prepare(const ComputeOptions& options) {
  std::vector<std::string> unused;
  return prepare(options, unused);
}

ImageSet with_classes(
    ImageSet images,
    const std::vector<std::string>& known,
    const std::string& name
) {
  if (images.class_names == known) return images;
  std::vector<int64_t> position;
  for (const std::string& each : images.class_names) {
    const auto found = std::find(known.begin(), known.end(), each);
    if (found == known.end())
      throw std::runtime_error(
          "--data: found the class '" + each + "', which " + name +
          " does not know; expected classes among its " +
          std::to_string(known.size())
      );
    position.push_back(found - known.begin());
  }
  images.labels = torch::tensor(position).index_select(0, images.labels);
  images.class_names = known;
  return images;
}

void print_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes)
    std::cerr << "note: " << escape_control(note) << '\n';
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings)
    std::cerr << "warning: " << escape_control(warning) << '\n';
}

std::string counted(int64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string percent(double fraction) { return percent_text(fraction, 2); }

}  // namespace digitorch
