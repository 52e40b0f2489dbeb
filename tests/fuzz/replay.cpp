// Gives every file of the folders named to the reader, in place of libFuzzer:
//
//   fuzz_NAME FOLDER...            the files as they are
//   fuzz_NAME -runs=N FOLDER...    and N random changes of them; the file
//                                  last-input in the working folder then holds
//                                  the bytes of the latest call
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;

using Bytes = std::vector<uint8_t>;

std::vector<Bytes> files_in(const std::vector<std::string>& folders) {
  std::vector<fs::path> paths;
  for (const std::string& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> files;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    files.emplace_back(
        std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()
    );
  }
  return files;
}

/// A few changes at random places: another bit or byte, bytes cut away, copied
/// within the file or taken from another one.
Bytes changed(const std::vector<Bytes>& files, std::mt19937_64& random) {
  const auto below = [&](size_t bound) { return random() % bound; };
  Bytes bytes = files[below(files.size())];
  for (size_t changes = 1 + below(4); changes > 0 && !bytes.empty();
       --changes) {
    const size_t at = below(bytes.size());
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:
        bytes[at] ^= static_cast<uint8_t>(1U << below(8));
        break;
      case 1:
        bytes[at] = static_cast<uint8_t>(random());
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3: {
        const size_t count = 1 + below(std::min<size_t>(16, bytes.size() - at));
        bytes.erase(place, place + static_cast<std::ptrdiff_t>(count));
        break;
      }
      case 4: {
        const size_t from = below(bytes.size());
        const size_t count =
            1 + below(std::min<size_t>(32, bytes.size() - from));
        const Bytes part(
            bytes.begin() + static_cast<std::ptrdiff_t>(from),
            bytes.begin() + static_cast<std::ptrdiff_t>(from + count)
        );
        bytes.insert(place, part.begin(), part.end());
        break;
      }
      default: {
        const Bytes& other = files[below(files.size())];
        if (other.empty()) break;
        const size_t from = below(other.size());
        bytes.resize(at);
        bytes.insert(
            bytes.end(),
            other.begin() + static_cast<std::ptrdiff_t>(from),
            other.end()
        );
      }
    }
  }
  return bytes;
}

/// Keeps what is about to be read, so that it is there after a crash.
void keep(const Bytes& bytes) {
  static const int file =
      open("last-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  const auto size = static_cast<ssize_t>(bytes.size());
  if (file < 0 || ftruncate(file, size) != 0 ||
      pwrite(file, bytes.data(), bytes.size(), 0) != size)
    std::abort();
}

}  // namespace

int main(int count, char** words) {
  const std::string kRuns = "-runs=";
  std::vector<std::string> folders;
  uint64_t runs = 0;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word.starts_with(kRuns))
      runs = std::stoull(word.substr(kRuns.size()));
    else
      folders.push_back(word);
  }
  const std::vector<Bytes> files = files_in(folders);
  if (files.empty()) {
    std::cerr << "found no files; expected a corpus\n";
    return 2;
  }
  for (const Bytes& file : files)
    LLVMFuzzerTestOneInput(file.data(), file.size());
  std::mt19937_64 random(std::random_device{}());
  for (uint64_t i = 0; i < runs; ++i) {
    const Bytes bytes = changed(files, random);
    keep(bytes);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::cout << files.size() + runs << " executions\n";
  return 0;
}
