#include "datasets/files/tiff_reader.h"

#include <array>
#include <cstdio>

namespace digitorch {

thread_local TiffReader* TiffReader::current_ = nullptr;

TiffReader::TiffReader(const ByteReader& bytes) : bytes_(bytes) {
  [[maybe_unused]] static const bool once = [] {
    TIFFSetErrorHandler(nullptr);
    TIFFSetWarningHandler(nullptr);
    TIFFSetErrorHandlerExt(on_message);
    TIFFSetWarningHandlerExt(on_message);
    return true;
  }();
  current_ = this;
  tiff_ = TIFFClientOpen(
      "",
      "rm",
      this,
      on_read,
      [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; },
      on_seek,
      [](thandle_t) { return 0; },
      [](thandle_t file) -> toff_t {
        return static_cast<TiffReader*>(file)->bytes_.size();
      },
      nullptr,
      nullptr
  );
  if (tiff_ == nullptr) {
    current_ = nullptr;
    fail();
  }
  // Unknown tags are no damage, and directories that contradict themselves
  // show when their pixels are read.
  message_.clear();
}

TiffReader::~TiffReader() {
  TIFFClose(tiff_);
  current_ = nullptr;
}

void TiffReader::check(bool ok) const {
  if (!ok || !message_.empty() || thrown_) fail();
}

void TiffReader::fail() const {
  if (thrown_) std::rethrow_exception(thrown_);
  bytes_.fail_damaged(message_.empty() ? "libtiff cannot read it" : message_);
}

void TiffReader::on_message(
    thandle_t, const char*, const char* format, va_list values
) {
  if (current_ == nullptr || !current_->message_.empty()) return;
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, values);
  current_->message_ = text.data();
}

tmsize_t TiffReader::on_read(thandle_t file, void* to, tmsize_t count) {
  auto& self = *static_cast<TiffReader*>(file);
  try {
    const std::size_t got =
        self.bytes_.read(self.at_, to, static_cast<std::size_t>(count));
    self.at_ += got;
    return static_cast<tmsize_t>(got);
  } catch (...) {
    self.thrown_ = std::current_exception();
    return 0;
  }
}

toff_t TiffReader::on_seek(thandle_t file, toff_t offset, int from) {
  auto& self = *static_cast<TiffReader*>(file);
  self.at_ = offset + (from == SEEK_CUR   ? self.at_
                       : from == SEEK_END ? self.bytes_.size()
                                          : 0);
  return self.at_;
}

}  // namespace digitorch
