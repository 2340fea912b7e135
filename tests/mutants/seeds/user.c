/* Uses what lib.so and the archives define. */
extern int shared_data, weak_data;
extern int c_one(void), c_two(void), versioned(void);
extern const char *c_text(int);
extern int c_indirect(void);
int (*kept)(void) = c_two;
int user_main(void) { return c_one() + shared_data + weak_data + c_text(1)[0] + kept() + versioned() + c_indirect(); }
