using System.Globalization;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

/// <summary>Names in a grid directory (docs/formats/storage-directory.md). Slots lie where a Tahoe-LAFS storage server has them.</summary>
internal sealed class GridLayout(string root)
{
    public const int HighestShareNumber = 255;

    public string Root { get; } = root;

    public string Shares { get; } = Path.Combine(root, "shares");

    public string Incoming { get; } = Path.Combine(root, "shares", "incoming");

    public string Locks { get; } = Path.Combine(root, "locks");

    public string NodeId { get; } = Path.Combine(root, "nodeid");

    public string Marker { get; } = Path.Combine(root, GridMarker.FileName);

    /// <summary>The first two characters of a storage index: the directory that slots share.</summary>
    public string Group(string index) => Path.Combine(Shares, index[..2]);

    public string Slot(StorageIndex index)
    {
        var name = index.ToString();
        return Path.Combine(Group(name), name);
    }

    public static string Share(string slot, int number) => Path.Combine(slot, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Decimal, 0 to 255, without leading zeros; every other name is no share.</summary>
    public static bool TryShareNumber(ReadOnlySpan<char> name, out int number)
    {
        number = -1;
        return name.Length is > 0 and <= 3 && (name.Length == 1 || name[0] != '0')
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= HighestShareNumber;
    }
}
