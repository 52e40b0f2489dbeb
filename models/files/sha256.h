// SHA-256 by OpenSSL, of bytes at once or in parts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace digitorch {

inline constexpr size_t kSha256Size = 32;

/// The digest of data that comes in parts.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void update(std::string_view bytes);

  /// The 32 raw bytes. Neither may be called afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The 32 raw bytes of the digest.
std::string sha256(std::string_view bytes);

/// Two lower-case digits for each byte.
std::string to_hex(std::string_view bytes);

}  // namespace digitorch
