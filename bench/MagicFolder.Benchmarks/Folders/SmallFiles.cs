using System.Globalization;
using System.Text;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>Files of 100 to 2,000 bytes, every other one of text, a hundred in a directory: the same names and bytes each time.</summary>
internal static class SmallFiles
{
    private const int PerDirectory = 100;

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
            File.WriteAllBytes(Path.Combine(parent, $"file-{i:d6}"), content);
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
