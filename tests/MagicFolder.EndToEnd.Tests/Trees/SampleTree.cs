using System.Security.Cryptography;
using System.Text;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Trees;

/// <summary>A little of everything that a user's directory can hold; the same each time.</summary>
internal static class SampleTree
{
    private static readonly string[] Names =
    [
        "plain.txt", "with space", " leading and trailing ", "Ünïcödé.txt", "日本語のファイル.txt", "Русский файл", "ملف عربي", "קובץ", "ไฟล์", "हिन्दी", "한국어", "😀 emoji 👩‍👩‍👧",
        "e\u0301 decomposed", "\u00e9 composed", "quote\"apostrophe'", "back\\slash", "star*question?", "new\nline", "-dash", "--option", "#hash", "CON", "aux.txt", "dot.",
        "per%20cent", "semi;colon", "$dollar", "colon:name", "trailing space ", ".hidden", "a=b",
    ];

    private static readonly int[] Sizes = [0, 1, 100, 55_000, 262_144, 262_145, 3_000_000];

    internal static int Count => Names.Length + Sizes.Length + 17;

    internal static void Make(string root)
    {
        Directory.CreateDirectory(root);
        foreach (string name in Names) Write(root, name, Encoding.UTF8.GetBytes(name));
        foreach (int size in Sizes) Write(root, $"sized/{size}.bin", Bytes(size));
        Directory.CreateDirectory(Path.Combine(root, "empty/nested"));
        Write(root, "deep/er/and/deeper/file", Encoding.UTF8.GetBytes("at the bottom"));
        Write(root, new string('n', 255), Encoding.UTF8.GetBytes("the longest name"));
        Write(root, "run.sh", Encoding.UTF8.GetBytes("#!/bin/sh\n"), executable: true);
        Write(root, "ancient", Encoding.UTF8.GetBytes("before the epoch"), seconds: -1_000_000);
        Write(root, "future", Encoding.UTF8.GetBytes("in the year 2200"), seconds: 7_258_118_400);
        Link(root, "to-file", "plain.txt");
        Link(root, "to-directory", "sized");
        Link(root, "dangling", "nowhere/at all");
        Link(root, "absolute", "/etc/hostname");
        Link(root, "deep/up", "../..");
    }

    private static void Write(string root, string name, byte[] bytes, bool executable = false, long seconds = 1_431_000_000)
    {
        string path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, executable ? mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute : mode);
        Posix.SetModified(path, seconds, 123_456_789);
    }

    private static void Link(string root, string name, string target)
    {
        File.CreateSymbolicLink(Path.Combine(root, name), target);
        Posix.SetModified(Path.Combine(root, name), 1_431_000_001, 987_654_321);
    }

    /// <summary>Bytes that do not compress, the same for the same size.</summary>
    internal static byte[] Bytes(int size)
    {
        using var aes = Aes.Create();
        aes.Key = new byte[16];
        return aes.EncryptCbc(new byte[size], BitConverter.GetBytes((long)size).Concat(new byte[8]).ToArray(), PaddingMode.Zeros)[..size];
    }
}
