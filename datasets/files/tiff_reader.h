// libtiff reading a file that a ByteReader holds, its messages kept, not
// printed.
#pragma once

#include <tiffio.h>

#include <cstdarg>
#include <cstdint>
#include <exception>
#include <string>

#include "datasets/files/byte_reader.h"

namespace digitorch {

/// An open TIFF. `bytes` has to outlive it, and a thread has one at a time.
class TiffReader {
 public:
  /// Throws BadInput where libtiff finds no TIFF in the bytes.
  explicit TiffReader(const ByteReader& bytes);
  ~TiffReader();
  TiffReader(const TiffReader&) = delete;
  TiffReader& operator=(const TiffReader&) = delete;

  TIFF* get() const { return tiff_; }

  /// Throws where libtiff has reported a fault since the file was opened, or
  /// `ok` is false.
  void check(bool ok) const;

 private:
  [[noreturn]] void fail() const;

  static void on_message(thandle_t, const char*, const char* format, va_list);
  static tmsize_t on_read(thandle_t file, void* to, tmsize_t count);
  static toff_t on_seek(thandle_t file, toff_t offset, int from);

  // libtiff's handlers are the process's; each thread reads one file at a time.
  static thread_local TiffReader* current_;

  const ByteReader& bytes_;
  TIFF* tiff_ = nullptr;
  uint64_t at_ = 0;
  std::string message_;  // The first that libtiff gave.
  std::exception_ptr thrown_;
};

}  // namespace digitorch
