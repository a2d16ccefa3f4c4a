using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Scanning;

/// <summary>
/// Some disks find a name by another spelling: in another case, or composed of other characters. There a look at a path may show what stands under its twin. That a path
/// was recorded says nothing about how it is spelled by now. Remembers which directories it has looked at, so use it for a short time, or <see cref="Forget"/>.
/// </summary>
public sealed class Spellings(IDiskReader disk)
{
    private readonly HashSet<RelativePath> _exact = [];
    private readonly HashSet<RelativePath> _listed = [];
    private RelativePath? _listedDirectory;

    /// <summary>Is something found at the path, or on the way to it, that really stands under another spelling of its name?</summary>
    /// <exception cref="DiskException">A directory on the way cannot be looked at.</exception>
    public bool IsAnother(RelativePath path) => IsAnother(path, disk.StatOrNull);

    /// <param name="path">As above.</param>
    /// <param name="look">What is found at the path itself; the caller may have looked already.</param>
    public bool IsAnother(RelativePath path, Func<RelativePath, DiskStat?> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        if (path.IsRoot || _exact.Contains(path)) return false;
        if (IsAnother(path.Parent)) return true;
        if (look(path) is not { } found) return false;
        if (IsFoundByOtherSpellings(path, found) && !IsListed(path)) return true;
        if (found.Kind == DiskKind.Directory) _exact.Add(path);
        return false;
    }

    /// <summary>Users may have renamed something: everything is looked at again.</summary>
    public void Forget()
    {
        _exact.Clear();
        _listed.Clear();
        _listedDirectory = null;
    }

    /// <summary>Cheap, and true more often than not only on disks of that kind. What is not ASCII has spellings that only the disk knows.</summary>
    private bool IsFoundByOtherSpellings(RelativePath path, DiskStat found)
    {
        var name = path.NameUtf8.ToArray();
        if (!Ascii.IsValid(name)) return true;
        string other = string.Concat(path.Name.Select(c => char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
        return !string.Equals(other, path.Name, StringComparison.Ordinal)
            && disk.StatOrNull(path.Parent.Child(other)) is { } twin && twin.Inode == found.Inode && twin.Device == found.Device;
    }

    /// <summary>A listing has every name as it is. Many paths of one directory share one.</summary>
    private bool IsListed(RelativePath path)
    {
        if (path.Parent == _listedDirectory && _listed.Contains(path)) return true;
        _listedDirectory = path.Parent;
        _listed.Clear();
        foreach (var there in disk.List(path.Parent))
            if (path.Parent.TryChild(there.Name, out var child, out _)) _listed.Add(child);
        return _listed.Contains(path);
    }
}
