#include "datasets/image_folder.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <stdexcept>

#include "datasets/digit/preprocess.h"
#include "datasets/files/image_file.h"
#include "datasets/files/image_format.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The number of broken pictures that an error names before it counts the rest.
constexpr std::size_t kMaxListed = 10;

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

bool is_image_name(const fs::path& path) {
  std::string extension = path.extension().native();
  for (char& c : extension)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::vector<std::string>& known = image_extensions();
  return std::find(known.begin(), known.end(), extension) != known.end();
}

bool is_real_folder(const fs::path& path) {
  return fs::is_directory(fs::symlink_status(path));
}

// The entries of a folder that are not hidden, sorted by the bytes of their
// names.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!is_hidden(entry.path())) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> images_in(const fs::path& folder) {
  std::vector<fs::path> images;
  for (const fs::path& path : entries(folder))
    if (is_image_name(path) && !is_real_folder(path)) images.push_back(path);
  return images;
}

void add_images_below(
    const fs::path& folder, int levels, std::vector<fs::path>& images
) {
  if (levels == 0) return;
  for (const fs::path& path : entries(folder)) {
    if (is_real_folder(path)) {
      add_images_below(path, levels - 1, images);
    } else if (is_image_name(path)) {
      images.push_back(path);
    }
  }
}

void check_folder(const fs::path& folder, const std::string& expected) {
  const fs::file_status status = fs::status(folder);
  if (fs::is_directory(status)) return;
  throw std::runtime_error(
      folder.string() +
      (fs::exists(status) ? ": not a folder" : ": no such folder") +
      "; expected " + expected
  );
}

std::string count_of(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// The first messages in full, and how many others there are.
std::string listed(const std::vector<std::string>& messages) {
  std::string text;
  for (std::size_t i = 0; i < std::min(messages.size(), kMaxListed); ++i)
    text += (i == 0 ? "" : " | ") + messages[i];
  if (messages.size() > kMaxListed)
    text += " | and " + std::to_string(messages.size() - kMaxListed) + " more";
  return text;
}

struct Entry {
  fs::path path;
  int64_t label;
};

// The result of reading one file: a picture, or why there is none.
struct Outcome {
  Preprocessed picture;
  std::string broken;  // the message for a file that is no whole picture
  std::exception_ptr refused;  // an error of the system, which ends the reading
};

Outcome read_entry(const fs::path& path) {
  try {
    return {.picture = preprocess(read_image(path).pixels)};
  } catch (const std::system_error&) {
    return {.refused = std::current_exception()};
  } catch (const std::runtime_error& error) {
    return {.broken = error.what()};
  }
}

// Reads on all of OpenCV's threads, so that OpenCV starts no more of them in
// preprocess(). Each thread takes the next file when it is done with one, since
// a photo takes a hundred times as long as a picture of 28x28. Throws the
// system's error of the first file in order that has one; files are taken in
// order, so every file before it was read.
std::vector<Outcome> read_all(const std::vector<Entry>& files) {
  std::vector<Outcome> outcomes(files.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> refused = false;
  const cv::Range threads(0, std::max(1, cv::getNumThreads()));
  cv::parallel_for_(threads, [&](const cv::Range&) {
    while (!refused) {
      const std::size_t i = next++;
      if (i >= files.size()) return;
      outcomes[i] = read_entry(files[i].path);
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
  std::size_t blank = 0;            // number of pictures without ink
};

Reading gathered(
    const fs::path& folder,
    const std::vector<Entry>& files,
    const std::vector<Outcome>& outcomes
) {
  Reading reading;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!outcomes[i].broken.empty()) {
      reading.broken.push_back(outcomes[i].broken);
      continue;
    }
    reading.blank += outcomes[i].picture.blank;
    reading.images.push_back(outcomes[i].picture.pixels);
    reading.labels.push_back(files[i].label);
    reading.names.push_back(files[i].path.lexically_relative(folder).string());
  }
  return reading;
}

ImageSet to_image_set(
    const Reading& reading, std::vector<std::string> class_names
) {
  ImageSet set{.class_names = std::move(class_names)};
  const auto count = static_cast<int64_t>(reading.images.size());
  set.images = torch::empty({count, 1, kImageSide, kImageSide}, torch::kUInt8);
  auto* target = set.images.data_ptr<uint8_t>();
  for (const cv::Mat& image : reading.images)
    target = std::copy(image.begin<uint8_t>(), image.end<uint8_t>(), target);
  set.labels = torch::tensor(reading.labels, torch::kInt64);
  set.files = reading.names;
  return set;
}

}  // namespace

ImageSet read_image_folder(
    const fs::path& folder,
    const ImageFolderOptions& options,
    std::vector<std::string>& warnings
) {
  const std::string expected = "one sub-folder of pictures for each class";
  check_folder(folder, expected);

  std::vector<std::string> class_names;
  std::vector<Entry> files;
  for (const fs::path& path : entries(folder)) {
    if (!is_real_folder(path)) continue;
    const std::vector<fs::path> images = images_in(path);
    if (images.empty())
      warnings.push_back(path.string() + ": a class without pictures");
    for (const fs::path& image : images)
      files.push_back({image, static_cast<int64_t>(class_names.size())});
    class_names.push_back(path.filename().string());
  }
  const Reading reading = gathered(folder, files, read_all(files));

  const std::string name = folder.string();
  if (class_names.empty())
    throw std::runtime_error(name + ": no sub-folders; expected " + expected);
  if (!reading.broken.empty() && !options.skip_bad)
    throw std::runtime_error(
        name + ": " + count_of(reading.broken.size(), "unreadable picture") +
        ": " + listed(reading.broken) +
        "; expected whole pictures. Leave them out with --skip-bad"
    );
  if (!reading.broken.empty())
    warnings.push_back(
        name + ": " + count_of(reading.broken.size(), "unreadable picture") +
        " left out: " + listed(reading.broken)
    );
  if (reading.images.empty())
    throw std::runtime_error(
        name + ": no picture in " + count_of(class_names.size(), "sub-folder") +
        "; expected files that end in .png, .jpg or the like"
    );
  if (class_names.size() == 1)
    warnings.push_back(name + ": only one class, " + class_names[0]);
  if (reading.blank > 0)
    warnings.push_back(
        name + ": " + count_of(reading.blank, "picture") + " without ink"
    );
  return to_image_set(reading, std::move(class_names));
}

std::vector<fs::path> list_images(const fs::path& file_or_folder) {
  const fs::file_status status = fs::status(file_or_folder);
  if (!fs::exists(status))
    throw std::runtime_error(
        file_or_folder.string() +
        ": no such file or folder; expected a picture or a folder of pictures"
    );
  if (!fs::is_directory(status)) return {file_or_folder};

  std::vector<fs::path> images;
  add_images_below(file_or_folder, kMaxFolderLevels, images);
  if (images.empty())
    throw std::runtime_error(
        file_or_folder.string() +
        ": no pictures in this folder; expected files that end in .png, .jpg "
        "or the like"
    );
  return images;
}

}  // namespace digitorch
