using MagicFolder.Cli.Output;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Cli.Composition;

/// <summary>A cap, and behind the cap of a directory the names that lead on from there: <c>DIRCAP/a/b</c>.</summary>
internal sealed record CapPath(Cap Cap, IReadOnlyList<ChildName> Names)
{
    /// <exception cref="UsageException">It is no cap, or that of a file with names behind it. The message does not repeat it: it may be a secret.</exception>
    internal static CapPath Parse(string text)
    {
        string[] parts = text.Trim().Split('/');
        var cap = HandGrid.ParseCap(parts[0]);
        string[] names = [.. parts[1..].Where(name => name.Length > 0)];
        if (names.Length > 0 && cap is not DirectoryCap) throw new UsageException("a path can stand behind the cap of a directory only, and that is the cap of a file.");
        try
        {
            return new CapPath(cap, [.. names.Select(ChildName.From)]);
        }
        catch (ArgumentException)
        {
            throw new UsageException("the path behind the cap is no Unicode text.");
        }
    }
}
