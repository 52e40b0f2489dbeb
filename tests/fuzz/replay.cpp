// Gives every file of the folder named to the reader, in place of libFuzzer.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "tests/fuzz/fuzz.h"

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "expected a folder of files to read\n";
    return 2;
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(words[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    std::cout << entry.path().filename().string()
              << std::endl;  // if it crashes
    LLVMFuzzerTestOneInput(
        reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()
    );
    ++files;
  }
  std::cout << files << " files read\n";
  return files == 0 ? 2 : 0;
}
