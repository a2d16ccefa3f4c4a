using System.Text;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// The text file <c>magic-folder-grid</c> in the root of a grid directory. It tells a grid from an empty mount point, and names the format
/// (docs/formats/storage-directory.md, section 1).
/// </summary>
internal static class GridMarker
{
    public const string FileName = "magic-folder-grid";
    public const int Format = 1;

    private const string FirstWord = "magic-folder-grid";
    private const int LongestText = 4096;

    public static ReadOnlySpan<byte> Content => "magic-folder-grid 1\n"u8;

    /// <summary>Reads the marker of the grid at <paramref name="root"/>. False if there is none.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.NewerFormat"/>, or <see cref="GridFailure.Damaged"/> when the text is something else.</exception>
    public static bool Check(string root)
    {
        var path = Path.Combine(root, FileName);
        var buffer = new byte[LongestText];
        int length;
        try
        {
            using var file = ShareFile.Open(path, FileAccess.Read);
            length = RandomAccess.Read(file, buffer, 0);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        // Later formats may add lines; the first one stays.
        var words = Encoding.UTF8.GetString(buffer, 0, length).Split('\n')[0].Split(' ');
        if (words is not [FirstWord, var number] || !int.TryParse(number, out var format) || format < 1)
        {
            throw new GridException(GridFailure.Damaged, $"'{path}' is not a marker of a grid. Restore it, or correct the path of the grid.");
        }

        return format <= Format ? true : throw new GridException(
            GridFailure.NewerFormat, $"The grid at '{root}' has format {format}; this program knows up to {Format}. Install a newer version; nothing was changed.");
    }
}
