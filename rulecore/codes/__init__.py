"""Every kind of fault rulecore can report, declared once, by subject.

Blocks: RC0xx running and output, RC1xx the policy document and its bases, RC2xx its analysis, RC3xx expressions, RC4xx
types, RC5xx inputs and records, RC6xx plugins, RC7xx issues while scoring, RC8xx breaches of guardrails.
"""
