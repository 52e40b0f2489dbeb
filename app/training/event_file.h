// A file of events, as TensorBoard reads it: curves and pictures over steps.
// https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace digitorch {

/// CRC-32C, with Castagnoli's polynomial (RFC 3720, appendix B.4).
uint32_t crc32c(std::string_view bytes);

class EventFile {
 public:
  /// Makes "events.out.tfevents.SECONDS.HOST.PID" in the folder, where the
  /// process has one such file only. Readers drop what earlier files of the
  /// folder hold from `first_step` on. Throws EnvironmentError naming the file
  /// where it cannot be written, as the other functions do.
  EventFile(const std::filesystem::path& folder, int64_t first_step);

  void scalar(const std::string& tag, int64_t step, double value);

  /// png: the bytes of a PNG file of that size in pixels.
  void image(
      const std::string& tag,
      int64_t step,
      std::string_view png,
      int64_t width,
      int64_t height
  );

  /// Hands what was written to the system, so that readers see it.
  void flush();

 private:
  void append(const std::string& event);

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace digitorch
