"""Linux's system calls, and what of each a notebook's process may ask.

Each as ``name x86_64/aarch64``, by the reason for which it is allowed or not; ``-`` is
none.  Numbers up to 469 (Linux 6.17); later ones are refused until somebody looks.
"""

from __future__ import annotations

__all__ = [
    "ALLOWED",
    "COMMANDS",
    "CONTROLS",
    "IOCTLS",
    "LOCKS",
    "LOOKED_AT",
    "OPTIONS",
    "REFUSED",
    "WHERE_COUNTED",
    "WITHOUT_EFFECT",
    "Numbers",
    "listed",
]

Numbers = tuple[int, int]
"""Of one call, by machine; -1 where there is none."""

ALLOWED = {
    "What is open already.": """
        read 0/63, write 1/64, pread64 17/67, pwrite64 18/68, readv 19/65, writev 20/66,
        preadv 295/69, pwritev 296/70, preadv2 327/286, pwritev2 328/287, lseek 8/62,
        close 3/57, close_range 436/436, dup 32/23, dup2 33/-, dup3 292/24, fstat 5/80,
        fsync 74/82, fdatasync 75/83, sync_file_range 277/84, ftruncate 77/46,
        fallocate 285/47, fadvise64 221/223, readahead 187/213, sendfile 40/71,
        copy_file_range 326/285, flock 73/32, getdents 78/-, getdents64 217/61,
        fstatfs 138/44, fgetxattr 193/10, flistxattr 196/13
    """,
    "Names of files: the box and Landlock say which.": """
        open 2/-, openat 257/56, openat2 437/437, creat 85/-, stat 4/-, lstat 6/-,
        newfstatat 262/79, statx 332/291, access 21/-, faccessat 269/48,
        faccessat2 439/439, readlink 89/-, readlinkat 267/78, statfs 137/43,
        getxattr 191/8, lgetxattr 192/9, listxattr 194/11, llistxattr 195/12,
        getxattrat 464/464, listxattrat 465/465, truncate 76/45, mkdir 83/-,
        mkdirat 258/34, rmdir 84/-, mknod 133/-, mknodat 259/33, rename 82/-,
        renameat 264/38, renameat2 316/276, link 86/-, linkat 265/37, unlink 87/-,
        unlinkat 263/35, symlink 88/-, symlinkat 266/36, chdir 80/49, fchdir 81/50,
        getcwd 79/17, umask 95/166
    """,
    "Memory of its own, which is counted and bounded.": """
        brk 12/214, munmap 11/215, mprotect 10/226, mremap 25/216, madvise 28/233,
        msync 26/227, mincore 27/232, mlock 149/228, mlock2 325/284, munlock 150/229,
        mlockall 151/230, munlockall 152/231, membarrier 324/283, pkey_alloc 330/289,
        pkey_free 331/290, pkey_mprotect 329/288, mbind 237/235, set_mempolicy 238/237,
        get_mempolicy 239/236, map_shadow_stack 453/453, mseal 462/462
    """,
    "Processes and threads of its own, which are counted and bounded.": """
        fork 57/-, vfork 58/-, execve 59/221, execveat 322/281, exit 60/93,
        exit_group 231/94, wait4 61/260, waitid 247/95, set_tid_address 218/96,
        set_robust_list 273/99, rseq 334/293, futex 202/98, futex_waitv 449/449,
        futex_wake 454/454, futex_wait 455/455, futex_requeue 456/456, getpid 39/172,
        getppid 110/173, gettid 186/178, getpgid 121/155, getpgrp 111/-, getsid 124/156,
        setpgid 109/154, setsid 112/157, sched_yield 24/124, sched_getparam 143/121,
        sched_getscheduler 145/120, sched_getaffinity 204/123, sched_getattr 315/275,
        sched_get_priority_max 146/125, sched_get_priority_min 147/126,
        sched_rr_get_interval 148/127, getpriority 140/141, ioprio_get 252/31,
        getcpu 309/168, arch_prctl 158/-, landlock_create_ruleset 444/444,
        landlock_add_rule 445/445, landlock_restrict_self 446/446
    """,
    "Signals: the box and Landlock say to whom.": """
        kill 62/129, tkill 200/130, tgkill 234/131, rt_sigqueueinfo 129/138,
        rt_tgsigqueueinfo 297/240, pidfd_open 434/434, pidfd_send_signal 424/424,
        rt_sigaction 13/134, rt_sigprocmask 14/135, rt_sigreturn 15/139,
        rt_sigpending 127/136, rt_sigtimedwait 128/137, rt_sigsuspend 130/133,
        sigaltstack 131/132, signalfd 282/-, signalfd4 289/74, pause 34/-,
        restart_syscall 219/128
    """,
    "Clocks, and timers that a user has a number of.": """
        time 201/-, gettimeofday 96/169, clock_gettime 228/113, clock_getres 229/114,
        clock_nanosleep 230/115, nanosleep 35/101, times 100/153, getitimer 36/102,
        setitimer 38/103, alarm 37/-, timer_create 222/107, timer_settime 223/110,
        timer_gettime 224/108, timer_getoverrun 225/109, timer_delete 226/111,
        timerfd_create 283/85, timerfd_settime 286/86, timerfd_gettime 287/87
    """,
    "Waiting for what is open.": """
        poll 7/-, ppoll 271/73, select 23/-, pselect6 270/72, epoll_create 213/-,
        epoll_create1 291/20, epoll_ctl 233/21, epoll_wait 232/-, epoll_pwait 281/22,
        epoll_pwait2 441/441, eventfd 284/-, eventfd2 290/19
    """,
    "Pipes and sockets: of one size, and to nobody outside.": """
        pipe 22/-, pipe2 293/59, connect 42/203, accept 43/202, accept4 288/242,
        bind 49/200, listen 50/201, getsockname 51/204, getpeername 52/205,
        getsockopt 55/209, sendto 44/206, recvfrom 45/207, recvmsg 47/212,
        recvmmsg 299/243, shutdown 48/210
    """,
    "Who it is and what it may use, which can only become less.": """
        getuid 102/174, geteuid 107/175, getgid 104/176, getegid 108/177,
        getresuid 118/148, getresgid 120/150, getgroups 115/158, setuid 105/146,
        setgid 106/144, setreuid 113/145, setregid 114/143, setresuid 117/147,
        setresgid 119/149, setfsuid 122/151, setfsgid 123/152, capget 125/90,
        getrlimit 97/163, setrlimit 160/164, getrusage 98/165, sysinfo 99/179,
        uname 63/160, getrandom 318/278
    """,
}
REFUSED = {
    "Memory, messages and keys that outlive their process or that none shows.": """
        shmget 29/194, shmat 30/196, shmctl 31/195, shmdt 67/197, msgget 68/186,
        msgctl 71/187, msgsnd 69/189, msgrcv 70/188, semget 64/190, semctl 66/191,
        semop 65/193, semtimedop 220/192, mq_open 240/180, mq_unlink 241/181,
        mq_timedsend 242/182, mq_timedreceive 243/183, mq_notify 244/184,
        mq_getsetattr 245/185, add_key 248/217, request_key 249/218, keyctl 250/219,
        memfd_create 319/279, memfd_secret 447/447, remap_file_pages 216/234,
        vmsplice 278/75, splice 275/76, tee 276/77, sendmmsg 307/269,
        io_setup 206/0, io_destroy 207/1, io_getevents 208/4, io_pgetevents 333/292,
        io_submit 209/2, io_cancel 210/3
    """,
    "Files of others: leases, who opens them, handles of them.": """
        inotify_init 253/-, inotify_init1 294/26, inotify_add_watch 254/27,
        inotify_rm_watch 255/28, fanotify_init 300/262, fanotify_mark 301/263,
        name_to_handle_at 303/264, open_by_handle_at 304/265, cachestat 451/451,
        file_getattr 468/468, file_setattr 469/469
    """,
    "Other processes.": """
        ptrace 101/117, process_vm_readv 310/270, process_vm_writev 311/271,
        process_madvise 440/440, process_mrelease 448/448, kcmp 312/272,
        pidfd_getfd 438/438, migrate_pages 256/238, move_pages 279/239,
        ioprio_set 251/30, get_robust_list 274/100, set_mempolicy_home_node 450/450
    """,
    "Namespaces, in which a process is root, and what root does.": """
        unshare 272/97, setns 308/268, mount 165/40, umount2 166/39, pivot_root 155/41,
        chroot 161/51, open_tree 428/428, open_tree_attr 467/467, move_mount 429/429,
        fsopen 430/430, fsconfig 431/431, fsmount 432/432, fspick 433/433,
        mount_setattr 442/442, statmount 457/457, listmount 458/458, setgroups 116/159,
        capset 126/91, acct 163/89, swapon 167/224, swapoff 168/225, reboot 169/142,
        sethostname 170/161, setdomainname 171/162, settimeofday 164/170,
        clock_settime 227/112, clock_adjtime 305/266, adjtimex 159/171, quotactl 179/60,
        quotactl_fd 443/443, vhangup 153/58, iopl 172/-, ioperm 173/-,
        init_module 175/105, finit_module 313/273, delete_module 176/106,
        kexec_load 246/104, kexec_file_load 320/294, sync 162/81, syncfs 306/267,
        syslog 103/116, lsm_get_self_attr 459/459, lsm_set_self_attr 460/460,
        lsm_list_modules 461/461, seccomp 317/277
    """,
    "Where holes in the kernel were found most often, and what nobody uses.": """
        io_uring_setup 425/425, io_uring_enter 426/426, io_uring_register 427/427,
        bpf 321/280, perf_event_open 298/241, userfaultfd 323/282, personality 135/92,
        modify_ldt 154/-, set_thread_area 205/-, get_thread_area 211/-, uselib 134/-,
        ustat 136/-, sysfs 139/-, lookup_dcookie 212/18, _sysctl 156/-,
        nfsservctl 180/42, create_module 174/-, get_kernel_syms 177/-,
        query_module 178/-, getpmsg 181/-, putpmsg 182/-, afs_syscall 183/-,
        tuxcall 184/-, security 185/-, vserver 236/-, epoll_ctl_old 214/-,
        epoll_wait_old 215/-, uretprobe 335/-
    """,
}
WHERE_COUNTED = """
    sendmsg 46/211
"""
"""It may send descriptors, which then are no process's.  A filter cannot see whether it
does; a control group counts them, and what they hold."""
WITHOUT_EFFECT = """
    chmod 90/-, fchmod 91/52, fchmodat 268/53, fchmodat2 452/452, chown 92/-,
    fchown 93/55, lchown 94/-, fchownat 260/54, utime 132/-, utimes 235/-,
    futimesat 261/-, utimensat 280/88, setxattr 188/5, lsetxattr 189/6,
    fsetxattr 190/7, setxattrat 463/463, removexattr 197/14, lremovexattr 198/15,
    fremovexattr 199/16, removexattrat 466/466
"""
LOOKED_AT = """
    clone 56/220, clone3 435/435, prctl 157/167, fcntl 72/25, ioctl 16/29,
    mmap 9/222, socket 41/198, socketpair 53/199, setsockopt 54/208,
    prlimit64 302/261, sched_setparam 142/118, sched_setscheduler 144/119,
    sched_setaffinity 203/122, sched_setattr 314/274, setpriority 141/140
"""

COMMANDS = {
    "What is open: copies, flags.": (0, 1, 2, 3, 4, 1030),
    "Whether something is locked.": (5, 36),
    "Looking: who gets signals, leases, a pipe's size, hints.": (9, 11, 16, 1025, 1032),
    "Seals, of files in memory that it may not make.": (1033, 1034),
}
"""Commands of ``fcntl``.  Not: leases (1024), word of what others do in a
folder (1026), signals to others (8, 10, 15), a pipe of another size (1031)."""

LOCKS = (6, 7, 37, 38)
"""Commands of ``fcntl`` that succeed and do nothing: the kernel keeps a lock for each
byte that is asked for, in memory that it counts for nobody."""

IOCTLS = {
    "Whether it is a terminal, and its size: it is none.": (0x5401, 0x5413, 0x540F),
    "How much can be read; whether reading waits; kept by a new program.": (
        0x541B,
        0x5421,
        0x5450,
        0x5451,
    ),
    "A file's flags, to look at.": (0x80086601,),
}
"""Commands of ``ioctl``.  Not: signals to others (0x5452), a file's flags (0x40086602),
blocks that two files share (0x40049409), addresses of the network (0x89..)."""

CONTROLS = {
    "Its name; its mother's death.": (15, 16, 1, 2),
    "What it has given up: looking, and giving up more.": (3, 21, 23, 38, 39),
    "Its own memory: huge pages, names of parts.": (41, 42, 0x53564D41),
    "Its own timers, and floating-point registers.": (29, 30, 51, 64),
}
"""Options of ``prctl``.  Not: hiding what it has open (4), other children's mother
(36), filters (22), who may trace it (0x59616D61), pages shared with strangers (67)."""

OPTIONS = {
    1: (2, 3, 4, 6, 9, 13, 15, 16, 20, 21, 66, 67),
    6: (1, 2, 3, 4, 5, 6),
}
"""Of ``setsockopt``, by level: of sockets, and of TCP.  Not: buffers of another
size (7, 8, 32, 33), filters (26, 50), sending without copies (60)."""


def listed(text: str) -> dict[str, Numbers]:
    """The calls of one list above, by name."""
    found = {}
    for entry in text.replace("\n", " ").split(","):
        name, numbers = entry.split()
        x86, arm = (int(n) if n != "-" else -1 for n in numbers.split("/"))
        found[name] = x86, arm
    return found
