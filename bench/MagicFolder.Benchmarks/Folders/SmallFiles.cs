using System.Globalization;
using System.Text;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>Files of 100 to 2,000 bytes, every other one of text, a hundred in a directory: the same names, bytes and times each time.</summary>
internal static class SmallFiles
{
    private const int PerDirectory = 100;

    private static readonly DateTime Oldest = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    internal static void Write(string directory, int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            string parent = Path.Combine(directory, $"directory-{i / PerDirectory:d4}");
            if (i % PerDirectory == 0) Directory.CreateDirectory(parent);
            byte[] content = new byte[random.Next(100, 2001)];
            if (i % 2 == 0) random.NextBytes(content);
            else WriteText(random, content);
            string file = Path.Combine(parent, $"file-{i:d6}");
            File.WriteAllBytes(file, content);
            File.SetLastWriteTimeUtc(file, Oldest.AddSeconds(i * 1.2345678));
        }
    }

    private static void WriteText(Random random, Span<byte> content)
    {
        for (int at = 0; at < content.Length;)
        {
            byte[] word = Encoding.ASCII.GetBytes(random.Next(5000).ToString(CultureInfo.InvariantCulture) + " ");
            int length = Math.Min(word.Length, content.Length - at);
            word.AsSpan(0, length).CopyTo(content[at..]);
            at += length;
        }
    }
}
