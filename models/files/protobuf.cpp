#include "models/files/protobuf.h"

#include <bit>

namespace digitorch {
namespace {

// The wire types.
constexpr int kVarint = 0;
constexpr int kEightBytes = 1;
constexpr int kWithLength = 2;
constexpr int kFourBytes = 5;

/// Appends the number's bytes, the least significant first.
template <class Unsigned>
void append_little_endian(std::string& bytes, Unsigned value) {
  for (size_t i = 0; i < sizeof value; ++i)
    bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace

ProtobufMessage& ProtobufMessage::number(int field, uint64_t value) {
  key(field, kVarint);
  varint(value);
  return *this;
}

ProtobufMessage& ProtobufMessage::real32(int field, float value) {
  key(field, kFourBytes);
  append_little_endian(bytes_, std::bit_cast<uint32_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::real64(int field, double value) {
  key(field, kEightBytes);
  append_little_endian(bytes_, std::bit_cast<uint64_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::text(int field, std::string_view bytes) {
  key(field, kWithLength);
  varint(bytes.size());
  bytes_ += bytes;
  return *this;
}

ProtobufMessage& ProtobufMessage::add(int field, const ProtobufMessage& part) {
  return text(field, part.bytes_);
}

/// Seven bits a byte, the least significant first; the eighth bit says that
/// more bytes follow.
void ProtobufMessage::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    bytes_ += static_cast<char>((value & 0x7F) | 0x80);
  bytes_ += static_cast<char>(value);
}

void ProtobufMessage::key(int field, int wire_type) {
  varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire_type));
}

}  // namespace digitorch
