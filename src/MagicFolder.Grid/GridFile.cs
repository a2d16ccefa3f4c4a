using System.Collections.Immutable;
using System.Globalization;

namespace MagicFolder.Grid;

/// <summary>
/// The text file that names the directories of a grid (docs/formats/grid-file.md): settings <c>k</c>, <c>n</c> and <c>happy</c>, then one directory a line. Empty lines and lines that begin
/// with <c>#</c> mean nothing.
/// </summary>
/// <param name="Encoding">How shares are spread.</param>
/// <param name="Directories">Absolute paths, at least one, in the order of the file.</param>
public sealed record GridFile(GridEncoding Encoding, ImmutableArray<string> Directories)
{
    /// <summary>What is longer is something else.</summary>
    public const int LongestText = 1024 * 1024;

    /// <summary>Reads a grid file.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.Misconfigured"/>, with the line; <see cref="GridFailure.Unavailable"/> or other trouble with the file itself.</exception>
    public static GridFile Load(string path)
    {
        try
        {
            return new FileInfo(path).Length > LongestText
                ? throw new GridException(GridFailure.Misconfigured, $"{path} is too long for a grid file. A grid file has a few settings and one directory a line.")
                : Parse(File.ReadAllText(path), path);
        }
        catch (FileNotFoundException e)
        {
            throw new GridException(GridFailure.Unavailable, $"The grid file {path} is not there. Bring it back, or correct the path.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new GridException(GridFailure.Denied, $"The grid file {path} cannot be read: no permission. Give this user read permission for it.", e);
        }
        catch (Exception e) when (Servers.StorageTrouble.IsStorage(e))
        {
            throw Servers.StorageTrouble.Describe(e, path);
        }
    }

    /// <summary>Parses the text of a grid file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is: directories are relative to its directory, and messages name it.</param>
    /// <exception cref="GridException"><see cref="GridFailure.Misconfigured"/>.</exception>
    public static GridFile Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        string full = Path.GetFullPath(path);
        var settings = new Dictionary<string, int>(StringComparer.Ordinal);
        var directories = ImmutableArray.CreateBuilder<string>();
        int line = 0;
        foreach (string raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            line++;
            string content = raw.Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                continue;
            }

            if (content.Any(char.IsControl))
            {
                throw Wrong(path, line, "there are bytes that no path has; a grid file is text, with a directory a line");
            }

            if (TrySetting(content, out string name, out string value))
            {
                if (name is not ("k" or "n" or "happy"))
                {
                    throw Wrong(path, line, $"'{name}' is no setting; there are k, n and happy, and a directory of that name is written ./{content}");
                }

                if (directories.Count > 0)
                {
                    throw Wrong(path, line, $"'{name}' stands behind a directory; put settings first");
                }

                if (!settings.TryAdd(name, Number(value, path, line, name)))
                {
                    throw Wrong(path, line, $"'{name}' is given twice; remove one of them");
                }

                continue;
            }

            string directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(content, Path.GetDirectoryName(full)!));
            if (directories.Contains(directory, StringComparer.Ordinal))
            {
                throw Wrong(path, line, $"{content} is given twice; each directory counts once");
            }

            directories.Add(directory);
        }

        return directories.Count > 0
            ? new GridFile(EncodingOf(settings, directories.Count, path), directories.ToImmutable())
            : throw new GridException(GridFailure.Misconfigured, $"{path} names no directory; write one a line, after k = ... and n = ...");
    }

    /// <summary><c>NAME = VALUE</c>: one of the known names, or any word with a number, which is a slip. In any case. A directory with a name like that is written <c>./k = 2</c>.</summary>
    private static bool TrySetting(string content, out string name, out string value)
    {
        int equals = content.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? "" : content[..equals].Trim().ToLowerInvariant();
        value = equals < 0 ? "" : content[(equals + 1)..].Trim();
        return name is "k" or "n" or "happy"
            || (name.Length > 0 && name.All(char.IsAsciiLetter) && value.Length > 0 && value.All(char.IsAsciiDigit));
    }

    private static int Number(string value, string path, int line, string name) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= GridEncoding.HighestMutableN
            ? number
            : throw Wrong(path, line, $"'{name}' is '{value}'; give a number from 1 to {GridEncoding.HighestMutableN}");

    private static GridEncoding EncodingOf(Dictionary<string, int> settings, int directories, string path)
    {
        int k = settings.GetValueOrDefault("k", 1);
        int n = settings.GetValueOrDefault("n", Math.Clamp(directories, k, GridEncoding.HighestMutableN));
        if (n < k)
        {
            throw new GridException(GridFailure.Misconfigured, $"{path}: k = {k} and n = {n}: there cannot be more needed shares than shares; make k smaller or n greater.");
        }

        int most = Math.Min(n, directories);
        int happy = settings.GetValueOrDefault("happy", GridEncoding.DefaultHappy(k, n, directories));
        return happy <= most
            ? new GridEncoding(k, happy, n)
            : throw new GridException(
                GridFailure.Misconfigured, $"{path}: happy = {happy} cannot be reached with {directories} directories and n = {n}; give at most {most}, or more directories.");
    }

    private static GridException Wrong(string path, int line, string message) => new(GridFailure.Misconfigured, $"{path}, line {line}: {message}.");
}
