using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Scanning;

/// <summary>
/// Some disks find a name by another spelling: in another case, or composed of other characters. There a look at a path may show what stands under its twin.
/// Safe for concurrent use as far as the disk is.
/// </summary>
/// <param name="disk">Where.</param>
/// <param name="isKnown">Has this path been seen under exactly this name? Then it and what is above it need no look.</param>
public sealed class Spellings(IDiskReader disk, Func<RelativePath, bool> isKnown)
{
    /// <summary>Is something found at the path, or on the way to it, that really stands under another spelling of its name?</summary>
    /// <exception cref="DiskException">A directory on the way cannot be looked at.</exception>
    public bool IsAnother(RelativePath path)
    {
        if (path.IsRoot || isKnown(path)) return false;
        return IsAnother(path.Parent) || (StatOrNull(path) is { } found && IsFoundByOtherSpellings(path, found) && !IsListed(path));
    }

    /// <summary>Cheap, and true more often than not only on disks of that kind. What is not ASCII has spellings that only the disk knows.</summary>
    private bool IsFoundByOtherSpellings(RelativePath path, DiskStat found)
    {
        var name = path.NameUtf8.ToArray();
        if (!Ascii.IsValid(name)) return true;
        string other = string.Concat(path.Name.Select(c => char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
        return !string.Equals(other, path.Name, StringComparison.Ordinal)
            && StatOrNull(path.Parent.Child(other)) is { } twin && twin.Inode == found.Inode && twin.Device == found.Device;
    }

    /// <summary>A listing has every name as it is.</summary>
    private bool IsListed(RelativePath path)
    {
        var name = path.NameUtf8.ToArray();
        return disk.List(path.Parent).Any(there => there.Name.AsSpan().SequenceEqual(name));
    }

    private DiskStat? StatOrNull(RelativePath path)
    {
        try
        {
            return disk.Stat(path);
        }
        catch (DiskException e) when (e.Fault is DiskFault.NotFound or DiskFault.WrongKind or DiskFault.SymlinkOnTheWay or DiskFault.NameTooLong or DiskFault.NameRefused)
        {
            return null;
        }
    }
}
