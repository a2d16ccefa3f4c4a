using System.Text;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Crashes;

/// <summary>One thing that a user does to the base tree of <see cref="Workload"/>: f, g, and d with d/x and d/y in it.</summary>
/// <param name="Name">How reports call it.</param>
/// <param name="Do">Does it; the text is a content that occurs once.</param>
internal sealed record Operation(string Name, Action<MemoryTree, string> Do)
{
    private const int FileMode = 0x1A4;

    public static readonly IReadOnlyList<Operation> All =
    [
        new("create", (tree, text) => Write(tree, "n", text)),
        new("write", (tree, text) => Write(tree, "f", text)),
        new("append", (tree, text) =>
        {
            using var file = tree.Open(At("f"), write: true);
            file.Write(file.Stat().Size, Encoding.UTF8.GetBytes(text));
        }),
        new("truncate", (tree, _) =>
        {
            using var file = tree.Open(At("f"), write: true);
            file.Truncate(2);
        }),
        new("rename-over", (tree, _) => tree.Rename(At("g"), At("f"), RenameKind.Replace)),
        new("rename-directory", (tree, _) => tree.Rename(At("d"), At("e"), RenameKind.NoReplace)),
        new("delete", (tree, _) => tree.Remove(At("f"))),
        new("mkdir", (tree, _) => tree.CreateDirectory(At("m"), 0x1ED)),
        new("link", (tree, _) => tree.HardLink(At("d/x"), At("l"))),
        new("symlink", (tree, text) => tree.CreateSymlink(At("s"), Encoding.UTF8.GetBytes(text))),
        new("chmod", (tree, _) => tree.SetAttributes(At("f"), null, FileMode ^ 0x40)),
        new("touch", (tree, _) => tree.SetAttributes(At("f"), tree.FileSystem.NowNs - 1_000_000_000, null)),
    ];

    public static void Write(MemoryTree tree, string path, string text)
    {
        using var file = tree.Find(At(path)) is null ? tree.Create(At(path), FileMode) : tree.Open(At(path), write: true);
        file.Truncate(0);
        file.Write(0, Encoding.UTF8.GetBytes(text));
    }

    private static RelativePath At(string path) => RelativePath.Parse(path);
}
