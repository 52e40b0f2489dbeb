// SHA-256 by OpenSSL, of bytes at once or as they come.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace digitorch {

inline constexpr size_t kSha256Size = 32;

/// For data that comes in parts.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void update(std::string_view bytes);

  /// The 32 raw bytes; nothing may be added afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The 32 raw bytes.
std::string sha256(std::string_view bytes);

/// Lower-case, two digits a byte.
std::string to_hex(std::string_view bytes);

}  // namespace digitorch
