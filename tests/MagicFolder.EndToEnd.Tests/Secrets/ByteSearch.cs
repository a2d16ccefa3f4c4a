namespace MagicFolder.EndToEnd.Tests.Secrets;

/// <summary>Looks for byte strings in every name and every byte below a directory.</summary>
internal static class ByteSearch
{
    internal static IEnumerable<string> Find(string directory, IReadOnlyCollection<Needle> needles)
    {
        foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, file));
            byte[] bytes = File.ReadAllBytes(file);
            foreach (var needle in needles)
                if (name.AsSpan().IndexOf(needle.Bytes) >= 0 || bytes.AsSpan().IndexOf(needle.Bytes) >= 0) yield return $"{needle.What} in {file}";
        }
    }
}
