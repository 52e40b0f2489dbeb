#include "datasets/files/byte_reader.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace digitorch {
namespace {

constexpr std::size_t kPiece = 1 << 16;  // bytes

}  // namespace

ByteReader::ByteReader(
    std::string_view bytes, std::string name, std::string format
)
    : bytes_(bytes),
      size_(bytes.size()),
      name_(std::move(name)),
      format_(std::move(format)) {}

ByteReader::ByteReader(InputFile& file, std::string name, std::string format)
    : file_(&file),
      size_(file.size()),
      name_(std::move(name)),
      format_(std::move(format)) {}

std::string_view ByteReader::piece(uint64_t at) const {
  if (at >= size_) return {};
  if (file_ == nullptr) return bytes_.substr(at);
  const bool at_hand = at >= piece_at_ && at < piece_at_ + piece_.size();
  if (!at_hand) {
    piece_.resize(kPiece);
    // Whole pieces: the rows of some formats are read from the last to the
    // first.
    piece_at_ = at / kPiece * kPiece;
    piece_.resize(file_->read_at(piece_at_, piece_.data(), piece_.size()));
  }
  const std::string_view all(piece_.data(), piece_.size());
  // A file may have shrunk since it was opened.
  return all.substr(std::min<uint64_t>(at - piece_at_, all.size()));
}

std::size_t ByteReader::read(uint64_t at, void* to, std::size_t count) const {
  std::size_t done = 0;
  while (done < count) {
    const std::string_view found = piece(at + done).substr(0, count - done);
    if (found.empty()) break;
    std::memcpy(static_cast<char*>(to) + done, found.data(), found.size());
    done += found.size();
  }
  return done;
}

void ByteReader::require(uint64_t at, uint64_t count) const {
  if (at > size_ || count > size_ - at)
    fail("truncated " + format_ + " of " + std::to_string(size_) + " bytes");
}

std::string ByteReader::text(uint64_t at, std::size_t count) const {
  require(at, count);
  std::string found(count, '\0');
  // A file may have shrunk since it was opened.
  if (read(at, found.data(), count) < count)
    fail("truncated " + format_ + " of " + std::to_string(size_) + " bytes");
  return found;
}

uint32_t ByteReader::big(uint64_t at, std::size_t count) const {
  uint32_t value = 0;
  for (const char byte : text(at, count))
    value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

uint32_t ByteReader::little(uint64_t at, std::size_t count) const {
  const std::string found = text(at, count);
  uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(found[i]);
  return value;
}

void ByteReader::fail(const std::string& found, const std::string& expected)
    const {
  throw std::runtime_error(
      name_ + ": " + found + "; expected " +
      (expected.empty() ? "a whole " + format_ + " file" : expected)
  );
}

void ByteReader::fail_damaged(const std::string& complaint) const {
  fail("damaged " + format_ + " (" + complaint + ")");
}

}  // namespace digitorch
