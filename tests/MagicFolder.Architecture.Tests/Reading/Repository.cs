namespace MagicFolder.Architecture.Tests.Reading;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    internal static readonly string Root = Find();

    internal static string PathOf(string relative) => Path.Combine(Root, relative);

    internal static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>All files below a directory with this ending, without what building makes.</summary>
    internal static IReadOnlyList<string> Files(string directory, string ending) =>
        [.. Directory.EnumerateFiles(PathOf(directory), "*" + ending, SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Any(name => name is "bin" or "obj"))
            .Order(StringComparer.Ordinal)];

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "MagicFolder.slnx"))) return directory.FullName;
        throw new InvalidOperationException("These tests run from within the checkout.");
    }
}
