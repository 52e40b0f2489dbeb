#include "datasets/image_folder.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <stdexcept>

#include "datasets/files/class_folders.h"
#include "datasets/files/folder_walk.h"
#include "datasets/files/image_file.h"
#include "datasets/files/image_format.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The number of broken pictures that an error names before it counts the rest.
constexpr std::size_t kMaxListed = 10;

// Pictures are read in colour where this part of them is in colour.
constexpr double kColouredPictures = 0.1;

// The first messages in full, and how many others there are.
std::string listed(const std::vector<std::string>& messages) {
  std::string text;
  for (std::size_t i = 0; i < std::min(messages.size(), kMaxListed); ++i)
    text += (i == 0 ? "" : " | ") + messages[i];
  if (messages.size() > kMaxListed)
    text += " | and " + std::to_string(messages.size() - kMaxListed) + " more";
  return text;
}

// The result of reading one file: a picture, or why there is none.
struct Outcome {
  Preprocessed picture;
  bool coloured = false;
  bool has_more = false;  // further pages, which are not read
  std::string broken;     // the message for a file that is no whole picture
  std::exception_ptr refused;  // an error of the system, which ends the reading
};

Outcome read_entry(const fs::path& path, const InputFormat& format) {
  try {
    const Image image = read_image(path);
    return {
        .picture = prepare(image.pixels, format),
        .coloured = is_coloured(image.pixels),
        .has_more = image.has_more};
  } catch (const std::system_error&) {
    return {.refused = std::current_exception()};
  } catch (const std::runtime_error& error) {
    return {.broken = error.what()};
  }
}

// Reads on all of OpenCV's threads, so that OpenCV starts no more of them in
// prepare(). Each thread takes the next file when it is done with one, since
// a photo takes a hundred times as long as a picture of 28x28. Throws the
// system's error of the first file in order that has one; files are taken in
// order, so every file before it was read.
std::vector<Outcome> read_all(
    const std::vector<LabelledFile>& files, const InputFormat& format
) {
  std::vector<Outcome> outcomes(files.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> refused = false;
  const cv::Range threads(0, std::max(1, cv::getNumThreads()));
  cv::parallel_for_(threads, [&](const cv::Range&) {
    while (!refused) {
      const std::size_t i = next++;
      if (i >= files.size()) return;
      outcomes[i] = read_entry(files[i].path, format);
      if (outcomes[i].refused) refused = true;
    }
  });
  for (const Outcome& outcome : outcomes)
    if (outcome.refused) std::rethrow_exception(outcome.refused);
  return outcomes;
}

// The pictures of a folder and what is to be reported about them.
struct Reading {
  std::vector<cv::Mat> images;
  std::vector<int64_t> labels;
  std::vector<std::string> names;   // of the files, below the folder
  std::vector<std::string> broken;  // a message for each broken file
  int64_t blank = 0;                // number of pictures without ink
  int64_t coloured = 0;             // number of pictures in colour
  int64_t with_more_pages = 0;      // number of files that hold several
};

Reading gathered(
    const fs::path& folder,
    const std::vector<LabelledFile>& files,
    const std::vector<Outcome>& outcomes
) {
  Reading reading;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!outcomes[i].broken.empty()) {
      reading.broken.push_back(outcomes[i].broken);
      continue;
    }
    reading.blank += outcomes[i].picture.blank;
    reading.coloured += outcomes[i].coloured;
    reading.with_more_pages += outcomes[i].has_more;
    reading.images.push_back(outcomes[i].picture.pixels);
    reading.labels.push_back(files[i].label);
    reading.names.push_back(files[i].path.lexically_relative(folder).string());
  }
  return reading;
}

ImageSet to_image_set(
    const Reading& reading,
    std::vector<std::string> class_names,
    const InputFormat& format
) {
  ImageSet set{
      .class_names = std::move(class_names), .pictures = format.pictures};
  const auto count = static_cast<int64_t>(reading.images.size());
  set.images = torch::empty(format.sizes(count), torch::kUInt8);
  for (int64_t i = 0; i < count; ++i)
    set.images[i].copy_(to_tensor(in_channels(
        reading.images[static_cast<std::size_t>(i)], format.channels
    )));
  set.labels = torch::tensor(reading.labels, torch::kInt64);
  set.files = reading.names;
  return set;
}

// Appends what a user should know of pictures that were read.
void warn(
    const std::string& name,
    const Reading& reading,
    const std::vector<std::string>& class_names,
    const InputFormat& format,
    std::vector<std::string>& warnings
) {
  const auto broken = std::ssize(reading.broken);
  const auto pictures = std::ssize(reading.images);
  if (broken > 0)
    warnings.push_back(
        name + ": " + count_of(broken, "unreadable picture") +
        " left out: " + listed(reading.broken)
    );
  if (class_names.size() == 1)
    warnings.push_back(name + ": only one class, " + class_names[0]);
  if (reading.blank > 0)
    warnings.push_back(
        name + ": " + count_of(reading.blank, "picture") + " without ink"
    );
  if (reading.with_more_pages > 0)
    warnings.push_back(
        name + ": " + count_of(reading.with_more_pages, "file") +
        " with several pages; the first of each is read"
    );
  if (format.channels == 1 && 2 * reading.coloured > pictures)
    warnings.push_back(
        name + ": " + std::to_string(reading.coloured) + " of " +
        count_of(pictures, "picture") +
        " in colour; the network sees light and dark alone"
    );
}

}  // namespace

ImageSet read_image_folder(
    const fs::path& folder,
    const ImageFolderOptions& options,
    std::vector<std::string>& warnings
) {
  ClassFolders classes = list_classes(folder, warnings);
  InputFormat format = resolved(options.format, InputFormat(), classes.names);
  const bool asks = !format.is_ink() && !options.format.channels;
  if (asks) format.channels = 3;  // until the pictures are seen
  const Reading reading =
      gathered(folder, classes.files, read_all(classes.files, format));
  if (asks &&
      static_cast<double>(reading.coloured) <
          kColouredPictures * static_cast<double>(reading.images.size()))
    format.channels = 1;
  const std::string name = folder.string();
  const auto broken = std::ssize(reading.broken);
  if (broken > 0 && (!options.skip_bad || reading.images.empty()))
    throw std::runtime_error(
        name + ": " + count_of(broken, "unreadable picture") + ": " +
        listed(reading.broken) + "; expected whole pictures" +
        (options.skip_bad ? ", one of them at least"
                          : ". Leave them out with --skip-bad")
    );
  warn(name, reading, classes.names, format, warnings);
  return to_image_set(reading, std::move(classes.names), format);
}

std::vector<fs::path> list_images(
    const fs::path& file_or_folder, std::vector<std::string>& warnings
) {
  const fs::file_status status = fs::status(file_or_folder);
  const std::string name = file_or_folder.string();
  if (!fs::exists(status))
    throw std::runtime_error(
        name +
        ": no such file or folder; expected a picture or a folder of pictures"
    );
  if (!fs::is_directory(status)) return {file_or_folder};

  FolderWalk walk = walk_pictures(file_or_folder);
  const std::string left_out = walk.left_out.text();
  if (walk.pictures.empty())
    throw std::runtime_error(
        name + ": no pictures in this folder" +
        (left_out.empty() ? "" : " (" + left_out + ")") +
        "; expected files that end in .png, .jpg or the like"
    );
  if (!left_out.empty()) warnings.push_back(name + ": " + left_out);
  return std::move(walk.pictures);
}

}  // namespace digitorch
