#include "tests/support/data_files.h"

#include <zlib.h>

#include <fstream>

namespace digitorch::testing {

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string big_endian(std::initializer_list<uint32_t> numbers) {
  std::string bytes;
  for (const uint32_t number : numbers)
    for (const int shift : {24, 16, 8, 0})
      bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(
      &stream,
      Z_BEST_COMPRESSION,
      Z_DEFLATED,
      16 + MAX_WBITS,
      8,
      Z_DEFAULT_STRATEGY
  );
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in =
      reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<unsigned char*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int status = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("cannot gzip");
  return packed;
}

std::string image_file(uint32_t count) {
  std::string bytes = big_endian({0x803, count, 28, 28});
  for (uint32_t i = 0; i < count * 28 * 28; ++i)
    bytes += static_cast<char>(i % 251);
  return bytes;
}

std::string label_file(uint32_t count) {
  std::string bytes = big_endian({0x801, count});
  for (uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

}  // namespace digitorch::testing
