using System.Globalization;
using System.Text;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Names;

/// <summary>
/// Where a sibling of a path stands: <c>report.docx</c> of alice as <c>report.conflict-alice.docx</c> beside it. Pure. Only the choice of a name: a file is a conflict file
/// because of its record, never because of how it is called.
/// </summary>
public static class ConflictNames
{
    /// <summary>Where the siblings of paths in a <c>.git</c> directory stand: git takes files beside its own for its own.</summary>
    public static RelativePath Aside { get; } = StagingArea.Reserved.Child("conflicts");

    private const string Mark = ".conflict-";
    private const int LongestPetname = 64;
    private const int LongestExtension = 32;

    /// <summary>The first free name; numbers count from 2.</summary>
    /// <param name="main">The path in conflict.</param>
    /// <param name="petname">Who made the sibling; characters that do not belong in a name are replaced.</param>
    /// <param name="isTaken">Is something at that path, or meant to be?</param>
    public static RelativePath Choose(RelativePath main, string petname, Func<RelativePath, bool> isTaken)
    {
        if (main.IsRoot) throw new ArgumentException("The folder itself has no siblings.", nameof(main));
        var (stem, extension) = Split(main.Name);
        var directory = main.Parent;
        if (IsInGit(main))
        {
            if (!directory.IsRoot) stem = $"{directory.ToString().Replace('/', '_')}_{stem}";
            directory = Aside;
        }
        return FirstFree(directory, stem, extension, petname, isTaken) ?? FirstFree(Aside, stem, extension, petname, isTaken)!.Value;
    }

    /// <summary>Null where there is no room: a path near the longest possible has none for a longer name beside it.</summary>
    private static RelativePath? FirstFree(RelativePath directory, string stem, string extension, string petname, Func<RelativePath, bool> isTaken)
    {
        var who = Sanitize(petname);
        for (int number = 1; ; number++)
        {
            var mark = number == 1 ? Mark + who : $"{Mark}{who}-{number}";
            int room = NameRules.LinuxNameLength - Encoding.UTF8.GetByteCount(mark) - Encoding.UTF8.GetByteCount(extension);
            var chosen = Shorten(stem, room) + mark + extension;
            if (!directory.TryChild(Encoding.UTF8.GetBytes(chosen), out var path, out _)) return null;
            if (!isTaken(path)) return path;
        }
    }

    /// <summary>
    /// Likewise for what is to be a file like any other, which scans see: never aside. Of a path in a <c>.git</c> directory it stands beside the uppermost of these, and where a path near the longest
    /// possible leaves no room, in the nearest directory that has it.
    /// </summary>
    public static RelativePath ChooseSeen(RelativePath main, string petname, Func<RelativePath, bool> isTaken)
    {
        var place = OutOfGit(main);
        var (stem, extension) = Split(place.Name);
        for (var directory = place.Parent; ; directory = directory.Parent)
            if (FirstFree(directory, stem, extension, petname, isTaken) is { } chosen) return chosen;
    }

    /// <summary>Beside the uppermost <c>.git</c>, under a name that tells the way; any other path is itself.</summary>
    public static RelativePath OutOfGit(RelativePath path)
    {
        RelativePath? git = null;
        for (var at = path; !at.IsRoot; at = at.Parent)
            if (IsGit(at)) git = at;
        if (git is not { } uppermost || uppermost == path) return path;
        var way = path.Name;
        for (var at = path.Parent; at != uppermost.Parent; at = at.Parent) way = $"{at.Name}_{way}";
        return uppermost.Parent.Child(Shorten(way, NameRules.LinuxNameLength));
    }

    /// <summary>
    /// The paths that a file of this name may be a version of: no more than guesses, to be confirmed by what is in it. None when the name is not of the form above. What follows the last dot is an
    /// extension, or the end of a petname that has a dot.
    /// </summary>
    public static IEnumerable<RelativePath> MainsOf(RelativePath file)
    {
        if (file.IsRoot || file.IsReserved) yield break;
        var name = file.Name;
        int mark = name.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark <= 0) yield break;
        int dot = name.LastIndexOf('.');
        // The name comes from whoever made the file: what is left without the mark may be no name ("..conflict-x") or the program's own.
        if (dot > mark && Main(name[dot..]) is { } withExtension) yield return withExtension;
        if (Main("") is { } main) yield return main;

        RelativePath? Main(string extension) => file.Parent.TryChild(Encoding.UTF8.GetBytes(name[..mark] + extension), out var main, out _) && !main.IsReserved ? main : null;
    }

    private static bool IsInGit(RelativePath path)
    {
        for (var at = path; !at.IsRoot; at = at.Parent)
            if (IsGit(at)) return true;
        return false;
    }

    private static bool IsGit(RelativePath path) => Ascii.EqualsIgnoreCase(path.NameUtf8, ".git"u8);

    /// <summary>The extension is what follows the last dot, unless the name starts there; a very long or empty one is no extension.</summary>
    private static (string Stem, string Extension) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        if (dot <= 0 || dot == name.Length - 1 || Encoding.UTF8.GetByteCount(name.AsSpan(dot)) > LongestExtension) return (name, "");
        // "..x" is a dotfile as well.
        return name.AsSpan(0, dot).Trim('.').IsEmpty ? (name, "") : (name[..dot], name[dot..]);
    }

    private static string Sanitize(string petname)
    {
        var result = new StringBuilder();
        foreach (var rune in petname.EnumerateRunes())
        {
            bool unfit = rune == Rune.ReplacementChar
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || (rune.IsAscii && "<>:\"/\\|?*".Contains((char)rune.Value, StringComparison.Ordinal));
            if (unfit) result.Append('_');
            else result.Append(rune.ToString());
        }
        var trimmed = Shorten(result.ToString().Trim(' ').TrimStart('.').TrimEnd('.', ' '), LongestPetname).TrimEnd('.', ' ');
        return trimmed.Length == 0 ? "someone" : trimmed;
    }

    /// <summary>At most that many bytes of UTF-8, whole characters only.</summary>
    private static string Shorten(string text, int bytes)
    {
        int used = 0;
        int length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes) break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }
}
