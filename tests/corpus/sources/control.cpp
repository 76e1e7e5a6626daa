// SPDX-License-Identifier: Apache-2.0
// Freestanding C++: classes, virtual calls, templates, lambdas, constexpr tables, references, enums, strong types.
using u64 = unsigned long;

struct Shape {
  virtual u64 area() const = 0;
  virtual ~Shape() = default;
  void operator delete(void*) {}
};
struct Square final : Shape {
  u64 side = 3;
  u64 area() const override { return side * side; }
};
struct Circle : Shape {
  u64 radius = 1;
  u64 area() const override { return 3 * radius * radius; }
};
Square square;
Circle circle;
u64 total(const Shape* const* shapes, int count) {
  u64 sum = 0;
  for (int i = 0; i < count; ++i) sum += shapes[i]->area();
  return sum;
}

template <typename T, unsigned N>
class Ring {
 public:
  bool push(const T& value) {
    if ((head_ + 1) % N == tail_) return false;
    items_[head_] = value;
    head_ = (head_ + 1) % N;
    return true;
  }
  bool pop(T& value) {
    if (head_ == tail_) return false;
    value = items_[tail_];
    tail_ = (tail_ + 1) % N;
    return true;
  }

 private:
  T items_[N] = {};
  unsigned head_ = 0;
  unsigned tail_ = 0;
};
template class Ring<char, 16>;
template class Ring<short, 10>;
template class Ring<u64, 64>;
struct Message {
  u64 words[4];
  char kind;
};
template class Ring<Message, 7>;

template <typename T>
void sort(T* first, T* last) {
  for (T* i = first; i < last; ++i)
    for (T* j = i; j > first && *j < j[-1]; --j) {
      T swap = *j;
      *j = j[-1];
      j[-1] = swap;
    }
}
template void sort(signed char*, signed char*);
template void sort(unsigned short*, unsigned short*);
template void sort(int*, int*);
template void sort(u64*, u64*);

constexpr unsigned crc_table(unsigned i) {
  for (int k = 0; k < 8; ++k) i = i & 1 ? i >> 1 ^ 0xedb88320U : i >> 1;
  return i;
}
struct Table {
  unsigned rows[256] = {};
  constexpr Table() {
    for (unsigned i = 0; i < 256; ++i) rows[i] = crc_table(i);
  }
};
constexpr Table table;
unsigned crc(const unsigned char* p, u64 n) {
  unsigned c = ~0U;
  while (n--) c = table.rows[(c ^ *p++) & 0xff] ^ c >> 8;
  return ~c;
}

enum class Level : unsigned char { none, some, most, all };
Level raise(Level l) { return l == Level::all ? l : static_cast<Level>(static_cast<int>(l) + 1); }
const char* name(Level l) {
  switch (l) {
    case Level::none: return "none";
    case Level::some: return "some";
    case Level::most: return "most";
    case Level::all: return "all";
  }
  return nullptr;
}
template <typename F>
u64 apply(F f, u64 n) {
  u64 sum = 0;
  for (u64 i = 0; i < n; ++i) sum += f(i);
  return sum;
}
u64 lambdas(u64 n, u64 k) { return apply([k](u64 i) { return i * k; }, n) + apply([&](u64 i) { return i % k; }, n); }
u64 member(Shape* s, u64 (Shape::*f)() const) { return (s->*f)(); }

struct List {
  List* next;
  List* previous;
  void insert(List& at) {
    next = &at;
    previous = at.previous;
    at.previous->next = this;
    at.previous = this;
  }
  void remove() {
    previous->next = next;
    next->previous = previous;
  }
};
void rotate(List& list) {
  List& first = *list.next;
  first.remove();
  first.insert(list);
}
