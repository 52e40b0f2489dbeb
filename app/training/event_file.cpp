#include "app/training/event_file.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>

#include "app/system/errors.h"
#include "models/files/protobuf.h"

// The numbers of fields below are those of event.proto and summary.proto.
namespace digitorch {
namespace {

constexpr uint32_t kCastagnoli = 0x82F63B78;  // bits in reverse order
constexpr uint64_t kSessionStart = 1;         // SessionLog.SessionStatus.START
constexpr uint64_t kRgb = 3;                  // Summary.Image.colorspace

/// The checksum that a record holds, disguised since a checksum of data with
/// checksums in them is a weak one.
uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xA282EAD8;
}

template <class Unsigned>
std::string little_endian(Unsigned value) {
  std::string bytes;
  for (size_t i = 0; i < sizeof value; ++i)
    bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

double seconds_since_1970() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

std::string file_name() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  return "events.out.tfevents." +
         std::to_string(static_cast<int64_t>(seconds_since_1970())) + "." +
         host + "." + std::to_string(::getpid());
}

/// An Event of this step.
ProtobufMessage event_at(int64_t step) {
  return ProtobufMessage()
      .real64(1, seconds_since_1970())
      .number(2, static_cast<uint64_t>(step));
}

/// An Event with one Summary.Value.
ProtobufMessage summary_at(int64_t step, const ProtobufMessage& value) {
  return event_at(step).add(5, ProtobufMessage().add(1, value));
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> made{};
    for (uint32_t i = 0; i < made.size(); ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = value & 1 ? value >> 1 ^ kCastagnoli : value >> 1;
      made[i] = value;
    }
    return made;
  }();
  uint32_t crc = ~0U;
  for (const char byte : bytes)
    crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ crc >> 8;
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step)
    : path_(folder / file_name()), file_(path_, std::ios::binary) {
  append(ProtobufMessage()
             .real64(1, seconds_since_1970())
             .text(3, "brain.Event:2")
             .bytes());
  append(event_at(first_step)
             .add(7, ProtobufMessage().number(1, kSessionStart))
             .bytes());
  flush();
}

void EventFile::scalar(const std::string& tag, int64_t step, double value) {
  append(summary_at(
             step,
             ProtobufMessage().text(1, tag).real32(2, static_cast<float>(value))
  )
             .bytes());
}

void EventFile::image(
    const std::string& tag,
    int64_t step,
    std::string_view png,
    int64_t width,
    int64_t height
) {
  const ProtobufMessage image = ProtobufMessage()
                                    .number(1, static_cast<uint64_t>(height))
                                    .number(2, static_cast<uint64_t>(width))
                                    .number(3, kRgb)
                                    .text(4, png);
  append(summary_at(step, ProtobufMessage().text(1, tag).add(4, image)).bytes()
  );
}

void EventFile::flush() {
  if (!file_.flush())
    throw EnvironmentError(path_.string() + ": cannot be written to");
}

/// A record: its length and the checksum of that, the event and its checksum.
void EventFile::append(const std::string& event) {
  const std::string length = little_endian(uint64_t{event.size()});
  file_ << length << little_endian(masked_crc(length)) << event
        << little_endian(masked_crc(event));
}

}  // namespace digitorch
