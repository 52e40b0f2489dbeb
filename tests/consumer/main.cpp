// Prints what each picture shows that is named on the command line.
#include <digitorch/reader.h>

#include <iostream>

int main(int count, char** arguments) {
  const digitorch::Reader reader;
  for (int i = 1; i < count; ++i)
    std::cout << reader.read_digit(arguments[i]).label() << '\n';
}
