// The wire format of Protocol Buffers, as far as it is needed to write
// messages: https://protobuf.dev/programming-guides/encoding
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace digitorch {

/// A message that grows field by field. Fields are named by their numbers in
/// the message's schema; one that is repeated is added several times.
class ProtobufMessage {
 public:
  /// A field of type int32, int64, uint64, bool or an enumeration.
  ProtobufMessage& number(int field, uint64_t value);
  /// A field of type float.
  ProtobufMessage& real32(int field, float value);
  /// A field of type double.
  ProtobufMessage& real64(int field, double value);
  /// A field of type string or bytes.
  ProtobufMessage& text(int field, std::string_view bytes);
  /// A field that is a message.
  ProtobufMessage& add(int field, const ProtobufMessage& part);

  /// The message as bytes.
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(uint64_t value);
  void key(int field, int wire_type);

  std::string bytes_;
};

}  // namespace digitorch
