using System.Globalization;
using System.Text;
using MagicFolder.Model;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Names;

/// <summary>
/// Can this computer hold that path? Pure. Case and normalization twins are another question: they depend on what else is there.
/// Sources: path_resolution(7), "Naming Files, Paths, and Namespaces" (Microsoft), the limits of APFS.
/// </summary>
public static class NameRules
{
    /// <summary>Bytes of the longest name on the usual file systems of Linux.</summary>
    public const int LinuxNameLength = 255;

    private const int LinuxPathLength = 4095;
    private const int WindowsPathLength = 32_000;
    private const int MacPathLength = 1023;

    /// <summary>The rules of the computer that this runs on.</summary>
    public static HostNames Host => OperatingSystem.IsWindows() ? HostNames.Windows : OperatingSystem.IsMacOS() ? HostNames.MacOS : HostNames.Linux;

    /// <param name="path">A path of the tree.</param>
    /// <param name="host">Whose rules.</param>
    /// <param name="rootLength">Length of the folder's own path, in bytes (Windows: in UTF-16 units); 0 on Linux, where paths start at the root.</param>
    public static NameFault Check(RelativePath path, HostNames host, int rootLength = 0)
    {
        if (path.IsReserved) return NameFault.Reserved;
        int length = host == HostNames.Windows ? Encoding.UTF8.GetCharCount(path.Key) : path.Key.Length;
        int longest = host switch { HostNames.Windows => WindowsPathLength, HostNames.MacOS => MacPathLength, _ => LinuxPathLength };
        if (length + rootLength + (rootLength > 0 ? 1 : 0) > longest) return NameFault.PathTooLong;
        var rest = path.Key;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            var fault = CheckName(end < 0 ? rest : rest[..end], host);
            if (fault != NameFault.None) return fault;
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return NameFault.None;
    }

    /// <summary>The fault as something to show, or null for none.</summary>
    public static Problem? ToProblem(RelativePath path, NameFault fault)
    {
        var reason = fault switch
        {
            NameFault.None => null,
            NameFault.Reserved => "the name is reserved for magic-folder itself",
            NameFault.NameTooLong => "a name in it is too long for this computer",
            NameFault.PathTooLong => "the path is too long for this computer",
            NameFault.Character => "a character in it cannot be in a name on this computer",
            NameFault.DeviceName => "a name in it is a device on this computer",
            NameFault.TrailingDotOrSpace => "a name in it ends in a dot or a space, which this computer drops",
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
        return reason is null ? null : new Problem(path, reason, "rename it on a computer that has it; here it is held back");
    }

    private static NameFault CheckName(ReadOnlySpan<byte> name, HostNames host) => host switch
    {
        HostNames.Windows => CheckWindowsName(Encoding.UTF8.GetString(name)),
        // APFS counts bytes of UTF-8, HFS+ UTF-16 units; the Finder shows ':' for '/'.
        HostNames.MacOS => name.Length > LinuxNameLength ? NameFault.NameTooLong : name.Contains((byte)':') ? NameFault.Character : NameFault.None,
        _ => name.Length > LinuxNameLength ? NameFault.NameTooLong : NameFault.None,
    };

    private static NameFault CheckWindowsName(string name)
    {
        if (name.Length > 255) return NameFault.NameTooLong;
        foreach (char c in name)
            if (c < ' ' || "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal)) return NameFault.Character;
        if (name[^1] is '.' or ' ') return NameFault.TrailingDotOrSpace;
        // With any extension, and with spaces before it: "NUL .txt" is the device, too.
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpper(CultureInfo.InvariantCulture);
        bool device = stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$"
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal))
                && stem[3] is (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3');
        return device ? NameFault.DeviceName : NameFault.None;
    }
}
