/* values-Xa.o, values-Xc.o, values-xpg4.o, values-xpg6.o: what a program's standard is, for libc. */
#if defined(XPG4)
int __xpg4 = 1;
#elif defined(XPG6)
int __xpg6 = 1;
#else
int _lib_version = VERSION;
#endif
