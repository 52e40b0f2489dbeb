#include "app/serve/http/origin.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

constexpr uint16_t kPort = 8080;

bool own(const std::string& host) {
  return is_own_host(host, "127.0.0.1", kPort);
}

TEST(Host, AddressesAndLocalhostAreOurs) {
  for (const char* host :
       {"127.0.0.1:8080",
        "localhost:8080",
        "LocalHost:8080",
        "[::1]:8080",
        "192.168.1.7:8080",
        "[fe80::1]:8080"})
    EXPECT_TRUE(own(host)) << host;
}

TEST(Host, NamesThatAnAttackerCouldRebindAreNot) {
  for (const char* host :
       {"",
        "evil.example:8080",
        "evil.example",
        "localhost.evil.example:8080",
        "127.0.0.1.evil.example:8080",
        "[::1.evil]:8080",
        "[::1:8080",
        ":8080",
        "127.0.0.1:8081",
        "127.0.0.1",
        "localhost:80800",
        "127.1:8080"})
    EXPECT_FALSE(own(host)) << host;
}

TEST(Host, TheNameThatTheUserListensAtIsOurs) {
  EXPECT_TRUE(is_own_host("digits.lan:8080", "digits.lan", kPort));
}

TEST(Host, WithoutAPortItMeansPort80) {
  EXPECT_TRUE(is_own_host("127.0.0.1", "127.0.0.1", 80));
  EXPECT_FALSE(is_own_host("127.0.0.1", "127.0.0.1", 8080));
}

TEST(Origin, OnlyTheServersOwnPageOrNoPage) {
  EXPECT_TRUE(is_own_origin("", "localhost:8080"));
  EXPECT_TRUE(is_own_origin("http://localhost:8080", "localhost:8080"));
  for (const char* origin :
       {"null",
        "http://evil.example",
        "https://localhost:8080",
        "http://localhost",
        "http://localhost:80801"})
    EXPECT_FALSE(is_own_origin(origin, "localhost:8080")) << origin;
}

}  // namespace
}  // namespace digitorch
