using System.Text;
using System.Text.RegularExpressions;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

/// <summary>
/// What a user sees in a folder: path -> value. A value is <c>F:content</c>, <c>X:content</c> for an executable file, <c>L:target</c> or <c>D</c>: exactly
/// what makes two versions equal or not. The program's own directory is not seen.
/// </summary>
internal static partial class VisibleTree
{
    public const string Directory = "D";

    public static SortedDictionary<string, string> Read(MemoryInode root)
    {
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, inode) in Walk(root)) seen.Add(path, ValueOf(inode));
        return seen;
    }

    /// <summary>Everything in the folder but the program's own directory, parents first.</summary>
    public static IEnumerable<(string Path, MemoryInode Inode)> Walk(MemoryInode root, string under = "")
    {
        foreach (var (name, inode) in root.Children)
        {
            if (under.Length == 0 && RelativePath.IsReservedName(name)) continue;
            string path = under + Encoding.UTF8.GetString(name);
            yield return (path, inode);
            foreach (var below in Walk(inode, path + "/")) yield return below;
        }
    }

    public static string ValueOf(MemoryInode inode) => inode.Kind switch
    {
        DiskKind.Directory => Directory,
        DiskKind.Symlink => "L:" + Encoding.UTF8.GetString(inode.Target),
        _ => ((inode.Mode & 0x40) != 0 ? "X:" : "F:") + inode.Digest,
    };

    /// <summary>The path that a conflict file is a version of, by its name: <c>a.conflict-bob.txt</c> -> <c>a.txt</c>; any other path is itself.</summary>
    public static string Logical(string path) => path.Contains(".conflict-", StringComparison.Ordinal) ? ConflictPart().Replace(path, "") : path;

    public static bool IsConflictName(string path) => Path.GetFileName(path).Contains(".conflict-", StringComparison.Ordinal);

    [GeneratedRegex(@"\.conflict-[a-z]+(-[0-9]+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConflictPart();
}
