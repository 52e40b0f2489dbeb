#include "datasets/files/idx_names.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "datasets/files/read_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNamesBytes = 1 << 20;

/// The letters and digits of a name, in lower case, parted by its signs.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0)
      words.back() += static_cast<char>(std::tolower(byte));
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// What a name says of its file.
struct IdxName {
  std::string prefix;
  bool is_train = false;
  bool is_test = false;
  bool is_images = false;
  bool is_labels = false;
  bool is_idx = false;
  bool is_csv = false;

  bool is_whole() const {
    return is_train != is_test &&
           (is_csv || (is_idx && is_images != is_labels));
  }
};

IdxName parse_name(const std::string& name) {
  IdxName parsed;
  for (const std::string& word : words_of(name)) {
    if (word == "train")
      parsed.is_train = true;
    else if (word == "test" || word == "t10k")
      parsed.is_test = true;
    else if (word == "images")
      parsed.is_images = true;
    else if (word == "labels")
      parsed.is_labels = true;
    else if (word.starts_with("idx") || word == "ubyte")
      parsed.is_idx = true;
    else if (word == "csv")
      parsed.is_csv = true;
    else if (!parsed.is_train && !parsed.is_test)
      parsed.prefix += (parsed.prefix.empty() ? "" : "-") + word;
  }
  return parsed;
}

/// The file itself, or the one of that name in a folder of it; else empty.
fs::path file_at(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  const fs::path inside = path / path.filename();
  return fs::is_regular_file(inside, error) ? inside : fs::path();
}

/// Whether a CSV file has as many columns as a table of pixels.
bool is_pixel_table(const fs::path& path) {
  constexpr std::ptrdiff_t kCommas = 28 * 28 - 1;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  return std::count(line.begin(), line.end(), ',') >= kCommas;
}

bool is_preferred(const fs::path& a, const fs::path& b) {
  const auto rank = [](const fs::path& path) {
    const std::string name = path.filename().string();
    return std::tuple(
        name.ends_with(".csv"),
        name.ends_with(".gz"),
        name.find(".idx") != std::string::npos,
        name
    );
  };
  return rank(a) < rank(b);
}

std::string printable(unsigned long code) {
  return code > 32 && code < 127 ? std::string(1, static_cast<char>(code))
                                 : std::to_string(code);
}

/// Each line's words, without empty lines.
std::vector<std::vector<std::string>> lines_of(const fs::path& path) {
  std::istringstream text(read_file(path, kMaxNamesBytes));
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::vector<std::string> found;
    for (std::string word; words >> word;) found.push_back(word);
    if (!found.empty()) lines.push_back(std::move(found));
  }
  return lines;
}

void read_mapping(const fs::path& path, std::vector<std::string>& names) {
  for (const auto& line : lines_of(path)) {
    const auto is_number = [](const std::string& word) {
      return word.size() <= 6 &&
             word.find_first_not_of("0123456789") == std::string::npos;
    };
    if (line.size() < 2 || !std::all_of(line.begin(), line.end(), is_number))
      throw std::runtime_error(
          path.string() + ": the line '" + line.front() +
          " ...'; expected a label and the code of its character"
      );
    const std::size_t label = std::stoul(line[0]);
    if (label < names.size()) names[label] = printable(std::stoul(line[1]));
  }
}

void read_list(
    const fs::path& path, std::size_t first, std::vector<std::string>& names
) {
  std::size_t label = first;
  for (const auto& line : lines_of(path)) {
    std::string name;
    for (const std::string& word : line)
      name += (name.empty() ? "" : " ") + word;
    if (label < names.size()) names[label] = name;
    ++label;
  }
}

}  // namespace

std::vector<IdxFiles> find_idx_files(const fs::path& folder) {
  std::map<std::string, IdxFiles> sets;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const IdxName name = parse_name(entry.path().filename().string());
    const fs::path file = name.is_whole() ? file_at(entry.path()) : fs::path();
    if (file.empty() || (name.is_csv && !is_pixel_table(file))) continue;
    IdxFiles& set = sets[name.prefix];
    set.prefix = name.prefix;
    IdxPart& part = name.is_train ? set.train : set.test;
    const auto take = [&](fs::path& place) {
      if (place.empty() || is_preferred(file, place)) place = file;
    };
    if (name.is_csv || name.is_images) take(part.images);
    if (name.is_csv || !name.is_images) take(part.labels);
  }
  std::vector<IdxFiles> found;
  for (auto& [prefix, set] : sets) found.push_back(std::move(set));
  return found;
}

std::vector<std::string> read_class_names(
    const fs::path& folder, const std::string& prefix, int first, int last
) {
  std::vector<std::string> names;
  for (int label = 0; label <= last; ++label)
    names.push_back(std::to_string(label));
  for (const std::string& name :
       {prefix + "-mapping.txt", std::string("mapping.txt")})
    if (fs::exists(folder / name)) {
      read_mapping(folder / name, names);
      return names;
    }
  if (!fs::exists(folder / "classes.txt")) return {};
  read_list(folder / "classes.txt", static_cast<std::size_t>(first), names);
  return names;
}

}  // namespace digitorch
