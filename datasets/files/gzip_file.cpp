#include "datasets/files/gzip_file.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// No deflate stream unpacks to more than 1032 times its size (zlib's
/// "Technical Details").
constexpr uint64_t kMaxExpansion = 1032;

/// MNIST's pictures unpack to 5 times their size.
constexpr uint64_t kUsualExpansion = 20;

}  // namespace

GzipFile::GzipFile(const fs::path& path) : path_(path), file_(path) {
  refill();
  is_gzip_ = stream_.avail_in >= 2 && buffer_[0] == 0x1F && buffer_[1] == 0x8B;
  constexpr int kGzipWithLargestWindow = 16 + MAX_WBITS;
  if (is_gzip_ && inflateInit2(&stream_, kGzipWithLargestWindow) != Z_OK)
    throw std::bad_alloc();
}

GzipFile::~GzipFile() {
  if (is_gzip_) inflateEnd(&stream_);
}

uint64_t GzipFile::max_bytes() const {
  return file_.size() * (is_gzip_ ? kMaxExpansion : 1);
}

bool GzipFile::is_suspicious(uint64_t bytes) const {
  return is_gzip_ && bytes > kUsualExpansion * file_.size();
}

uint64_t GzipFile::read(void* to, uint64_t count) {
  uint64_t done = 0;
  while (done < count) {
    if (stream_.avail_in == 0) refill();
    if (stream_.avail_in == 0 && (!is_gzip_ || member_ended_)) break;
    auto* next = static_cast<unsigned char*>(to) + done;
    const uint64_t room = std::min<uint64_t>(count - done, buffer_.size());
    done += is_gzip_ ? unpack(next, room) : copy(next, room);
  }
  return done;
}

void GzipFile::refill() {
  stream_.next_in = buffer_.data();
  stream_.avail_in =
      static_cast<uInt>(file_.read(buffer_.data(), buffer_.size()));
}

uint64_t GzipFile::copy(unsigned char* to, uint64_t room) {
  const auto count = std::min<uint64_t>(room, stream_.avail_in);
  std::memcpy(to, stream_.next_in, count);
  stream_.next_in += count;
  stream_.avail_in -= static_cast<uInt>(count);
  return count;
}

uint64_t GzipFile::unpack(unsigned char* to, uint64_t room) {
  const auto fail = [&](const std::string& found) {
    throw std::runtime_error(
        path_.string() + ": " + found + "; expected a whole file"
    );
  };
  if (stream_.avail_in == 0) fail("gzip data ends early");
  if (member_ended_) inflateReset(&stream_);
  stream_.next_out = to;
  stream_.avail_out = static_cast<uInt>(room);
  const int status = inflate(&stream_, Z_NO_FLUSH);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status != Z_OK && status != Z_STREAM_END)
    fail(
        std::string("damaged gzip data (") +
        (stream_.msg != nullptr ? stream_.msg : "no dictionary") + ")"
    );
  member_ended_ = status == Z_STREAM_END;
  return room - stream_.avail_out;
}

uint64_t count_bytes(const fs::path& path, uint64_t maximum) {
  GzipFile file(path);
  std::vector<unsigned char> piece(1 << 16);
  uint64_t count = 0;
  for (uint64_t got = 1; got > 0 && count < maximum; count += got)
    got = file.read(
        piece.data(), std::min<uint64_t>(piece.size(), maximum - count)
    );
  return count;
}

}  // namespace digitorch
