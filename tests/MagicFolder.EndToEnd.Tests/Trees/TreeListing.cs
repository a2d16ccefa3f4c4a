using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MagicFolder.EndToEnd.Tests.Trees;

/// <summary>
/// What is in a directory, as <c>find</c> and the contents themselves tell it: nothing of the program's own code has a say. Names are bytes, shown as Latin-1, so that any name is kept.
/// </summary>
internal sealed class TreeListing
{
    private const int Columns = 5;

    private TreeListing(SortedDictionary<string, string> items) => Items = items;

    /// <summary>Path to a description of all that must be the same elsewhere.</summary>
    internal SortedDictionary<string, string> Items { get; }

    /// <summary>All but the reserved directory.</summary>
    internal static TreeListing Of(string root)
    {
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string[] fields = Find(root);
        for (int i = 0; i + Columns <= fields.Length; i += Columns)
            items.Add(fields[i], Describe(root, fields[i], fields[i + 1], fields[i + 2], fields[i + 3], fields[i + 4]));
        return new TreeListing(items);
    }

    private static string[] Find(string root)
    {
        var start = new ProcessStartInfo("find", [root, "-mindepth", "1", "-path", root + "/.magic-folder", "-prune", "-o", "-printf", @"%P\0%y\0%m\0%T@\0%l\0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        using var find = Process.Start(start)!;
        string output = find.StandardOutput.ReadToEnd();
        find.WaitForExit();
        return output.Split('\0');
    }

    /// <summary>A directory's mtime tells when names in it changed, which is not the same everywhere; all else is.</summary>
    private static string Describe(string root, string path, string kind, string mode, string modified, string target) => kind switch
    {
        "d" => $"directory {mode}",
        "l" => $"symlink to {target}, {modified}",
        "f" => $"file {mode}, {modified}, {Hash(root, path)}",
        _ => $"special {kind}",
    };

    private static string Hash(string root, string path)
    {
        string file = Path.Combine(root, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(path)));
        if (!File.Exists(file)) return "unnameable";
        using var stream = File.OpenRead(file);
        return $"{stream.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(stream))[..16]}";
    }
}
