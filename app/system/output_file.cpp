#include "app/system/output_file.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "app/system/text.h"
#include "app/system/write_file.h"
#include "app/system/write_target.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n";

std::string big_endian(uint32_t value) {
  std::string bytes;
  bytes.reserve(4);
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift);
  return bytes;
}

/// The PNG with the text as its "Software", after the header, which has 13
/// bytes.
std::string with_software(const std::string& png, const std::string& text) {
  std::string chunk = "tEXtSoftware";
  chunk += '\0';
  chunk += text;
  const auto checksum = static_cast<uint32_t>(crc32(
      0,
      reinterpret_cast<const Bytef*>(chunk.data()),
      static_cast<uInt>(chunk.size())
  ));
  constexpr std::size_t kChunkFrame = 12;
  constexpr std::size_t kAfterHeader = kPngStart.size() + kChunkFrame + 13;
  // The length counts what follows the type, which has 4 bytes.
  std::string framed = big_endian(static_cast<uint32_t>(chunk.size() - 4));
  framed += chunk;
  framed += big_endian(checksum);
  return png.substr(0, kAfterHeader) + framed + png.substr(kAfterHeader);
}

std::string with_mark(const std::string& content, const std::string& mark) {
  if (content.starts_with(kPngStart)) return with_software(content, mark);
  if (content.find(mark) != std::string::npos) return content;
  if (!content.starts_with('<'))
    throw std::logic_error("a file to write lacks its mark, " + mark);
  return content + "<!-- " + mark + " -->\n";
}

bool has_mark(const fs::path& path, const std::string& mark) {
  if (mark.empty()) return false;
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  return content.find(mark) != std::string::npos;
}

std::string alternatives(const std::vector<std::string>& endings) {
  std::string text;
  for (const std::string& ending : endings)
    text += (text.empty() ? "" : " or ") + ending;
  return text;
}

void check_ending(const OutputFile& output) {
  const std::string ending = lower_case(output.path.extension());
  const std::vector<std::string>& known = output.endings;
  if (known.empty() || ending.empty() ||
      std::find(known.begin(), known.end(), ending) != known.end())
    return;
  throw std::runtime_error(
      output.path.string() + ": expected a name that ends in " +
      alternatives(known)
  );
}

}  // namespace

void check_output(const OutputFile& output) {
  const WriteTarget target = write_target(output.path);
  if (target.kind != WriteTarget::Kind::replaced) return;
  check_ending(output);
  std::error_code missing;
  for (const fs::path& input : output.inputs)
    if (fs::equivalent(target.path, input, missing))
      throw std::runtime_error(
          output.path.string() +
          ": is also what this command reads; expected another file to write"
      );
  if (output.overwrite || !fs::exists(target.path, missing) ||
      fs::is_empty(target.path, missing) || has_mark(target.path, output.mark))
    return;
  throw std::runtime_error(
      output.path.string() +
      ": exists and was not written by this command; expected another name, or "
      "--overwrite"
  );
}

void write_output(const OutputFile& output, const std::string& content) {
  check_output(output);
  write_file(
      output.path,
      output.mark.empty() ? content : with_mark(content, output.mark)
  );
}

}  // namespace digitorch
