// Whether the tests, and the program with them, are built with a sanitizer.
#pragma once

namespace digitorch::testing {

/// Its library takes the place of the allocator, reserves terabytes of
/// addresses and has to be the first one loaded: what is about these cannot be
/// tested.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace digitorch::testing
