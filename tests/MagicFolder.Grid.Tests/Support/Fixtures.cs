using System.Runtime.CompilerServices;

namespace MagicFolder.Grid.Tests.Support;

/// <summary>Files written by the real Tahoe-LAFS, under <c>tests/fixtures</c>.</summary>
internal static class Fixtures
{
    public static string OneOfOne { get; } = Path.Combine(Directory(), "1of1");

    public static string TwoOfThree { get; } = Path.Combine(Directory(), "2of3");

    public static string Storage { get; } = Path.Combine(OneOfOne, "storage", "stor0");

    public static IEnumerable<string> Shares => System.IO.Directory.EnumerateFiles(Path.Combine(Storage, "shares"), "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal);

    public static void CopyStorageTo(string root) => Copy(Storage, root);

    /// <summary>What one of three servers stored with k = 2, n = 3.</summary>
    public static void CopyServerOfTwoOfThreeTo(string root, int server) => Copy(Path.Combine(TwoOfThree, "storage", $"stor{server}"), root);

    private static void Copy(string storage, string root)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(Path.Combine(storage, "shares"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(root, Path.GetRelativePath(storage, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Directory([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../fixtures"));
}
