using System.Text;
using QRCoder;

namespace MagicFolder.Cli.Output;

/// <summary>A QR code (ISO/IEC 18004) of text blocks, two modules in a character, for a terminal.</summary>
internal static class QrText
{
    /// <summary>White on black, whatever the colours of the terminal are: readers want the modules dark and what is around them light.</summary>
    private const string Colours = "\u001b[97;40m";
    private const string Usual = "\u001b[0m";

    /// <summary>Its lines, quiet zone included; all have the same width. Null when that is more than the width of the terminal.</summary>
    /// <param name="text">Digits, capital letters and hyphens take least.</param>
    /// <param name="width">In characters.</param>
    internal static IReadOnlyList<string>? Lines(string text, int width)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var rows = code.ModuleMatrix;
        if (rows.Count > width) return null;
        var lines = new List<string>();
        for (int y = 0; y < rows.Count; y += 2)
        {
            var line = new StringBuilder(Colours);
            for (int x = 0; x < rows.Count; x++) line.Append(Block(isLightAbove: !rows[y][x], isLightBelow: y + 1 == rows.Count || !rows[y + 1][x]));
            lines.Add(line.Append(Usual).ToString());
        }
        return lines;
    }

    private static char Block(bool isLightAbove, bool isLightBelow) => (isLightAbove, isLightBelow) switch
    {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        _ => ' ',
    };
}
